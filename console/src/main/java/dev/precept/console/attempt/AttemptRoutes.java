package dev.precept.console.attempt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.console.api.ApiException;
import dev.precept.console.api.ApiReply;
import dev.precept.console.api.ApiRequest;
import dev.precept.console.api.EventStream;
import dev.precept.console.api.Route;
import dev.precept.judging.EndpointSettings;
import dev.precept.records.Budget;
import dev.precept.runtime.http.WebReply;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The routes of prompts that are tried. One is tried at a time, so that what each spends is known; others wait. */
public final class AttemptRoutes {
    private static final Logger log = LoggerFactory.getLogger(AttemptRoutes.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration HEARTBEAT = Duration.ofSeconds(1);
    private static final int MAX_ID = 100;

    private final AttemptInputs inputs;
    private final AttemptModels models;
    private final KeptAttempts kept;
    private final Semaphore turn = new Semaphore(1, true);

    /** Starts to grant the budget. */
    public AttemptRoutes(AttemptInputs inputs) {
        inputs.folder().prepare();
        this.inputs = inputs;
        this.models = new AttemptModels(inputs);
        this.kept = new KeptAttempts(inputs.folder());
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/api/try", _ -> ApiReply.json(setting())),
                Route.post("/api/try", this::attempt),
                Route.post("/api/try/keep", this::keep));
    }

    private ObjectNode setting() {
        ObjectNode json = JSON.createObjectNode();
        json.set("categories", JSON.valueToTree(inputs.specification().categories()));
        json.set("efforts", JSON.valueToTree(AttemptRequest.efforts(inputs)));
        json.put("generator", inputs.generator().model());
        json.put(
                "judge",
                inputs.judges().judges().stream().map(EndpointSettings::model).collect(Collectors.joining(", ")));
        json.put("spent_usd", models.spentUsd().orElse(null));
        json.put("budget_usd", inputs.budget().map(Budget::getUsd).orElse(null));
        json.put("categories_required", inputs.unlabelled().isEmpty());
        return json;
    }

    private WebReply attempt(ApiRequest request) throws ApiException {
        AttemptRequest asked = AttemptRequest.read(request.object(), inputs);
        return ApiReply.events(events -> new Sent(events).send(asked));
    }

    private record Event(String name, JsonNode data) {}

    /** An attempt on its way to a browser. */
    private final class Sent {
        private static final String END = "";

        private final EventStream events;
        private final BlockingQueue<Event> queue = new LinkedBlockingQueue<>();
        private @Nullable String outage;

        Sent(EventStream events) {
            this.events = events;
        }

        /** Sends events until the attempt ends. Its call is cancelled when the browser goes away. */
        void send(AttemptRequest asked) throws IOException, InterruptedException {
            Thread worker = Thread.ofVirtual().name("console-try").start(() -> work(asked));
            try {
                while (true) {
                    Event event = queue.poll(HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS);
                    if (event == null) {
                        events.keepAlive();
                        tellOutage();
                    } else if (event.name.equals(END)) {
                        return;
                    } else {
                        events.send(event.name, event.data);
                    }
                }
            } finally {
                worker.interrupt();
            }
        }

        /** A model that is down is waited for, and the browser can see for what. */
        private void tellOutage() throws IOException {
            Optional<String> now = models.outage();
            if (now.isPresent() && !now.get().equals(outage)) {
                outage = now.get();
                events.send("state", JSON.createObjectNode().put("text", "It waits: " + outage));
            }
        }

        private void tell(String name, JsonNode data) {
            queue.add(new Event(name, data));
        }

        private void work(AttemptRequest asked) {
            try {
                if (!turn.tryAcquire()) {
                    tell(
                            "state",
                            JSON.createObjectNode().put("text", "Another prompt is being tried; this one is next …"));
                    turn.acquire();
                }
                try {
                    inTurn(asked);
                } finally {
                    turn.release();
                }
            } catch (InterruptedException e) {
                log.atDebug().log("the browser has gone away");
            } catch (RuntimeException e) {
                log.atError().setCause(e).log("an attempt failed");
                tell("problem", JSON.createObjectNode().put("text", "The console failed; see its log."));
            } finally {
                tell(END, JSON.createObjectNode());
            }
        }

        private void inTurn(AttemptRequest asked) throws InterruptedException {
            AttemptModels.Spent before = models.spent();
            BlockingQueue<Event> last = new LinkedBlockingQueue<>();
            try {
                new Attempt(
                                inputs,
                                models,
                                asked,
                                (name, data) -> {
                                    if (name.equals("done") || name.equals("problem")) {
                                        last.add(new Event(name, data)); // after the spend
                                    } else {
                                        tell(name, data);
                                    }
                                },
                                kept::add)
                        .run();
            } finally {
                tell("spend", models.spent().minus(before).toJson()); // of a cancelled call too
                queue.addAll(last);
            }
        }
    }

    private WebReply keep(ApiRequest request) throws ApiException, IOException {
        ObjectNode body = request.object();
        String id = ApiRequest.text(body, "id", MAX_ID);
        AttemptResult result = kept.find(id)
                .orElseThrow(() ->
                        ApiException.notFound("this console knows no such attempt any more; try the prompt again"));
        String file = switch (ApiRequest.text(body, "kind", MAX_ID)) {
            case "prompt" -> kept.keepPrompt(result);
            case "canary" -> keepCanary(result, body);
            default -> throw ApiException.badRequest("kind: give prompt or canary");
        };
        return ApiReply.created(JSON.createObjectNode().put("file", file));
    }

    private String keepCanary(AttemptResult result, ObjectNode body) throws ApiException, IOException {
        String expect = ApiRequest.text(body, "expect", MAX_ID);
        if (!expect.equals("keep") && !expect.equals("turn-away")) {
            throw ApiException.badRequest("expect: give keep or turn-away: what a good judge does with the answer");
        }
        if (result.answer().isBlank()) {
            throw ApiException.conflict("there is no answer, which a canary needs");
        }
        return kept.keepCanary(result, expect, inputs.specification().categories());
    }
}
