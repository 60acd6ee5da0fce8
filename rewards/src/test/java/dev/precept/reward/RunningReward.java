package dev.precept.reward;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.judging.EndpointSettings;
import dev.precept.judging.Panel;
import dev.precept.judging.RolePrompt;
import dev.precept.judging.ScriptedModel;
import dev.precept.judging.TaskFixture;
import dev.precept.judging.canary.Canaries;
import dev.precept.model.Secret;
import dev.precept.records.Budget;
import dev.precept.runtime.WorkFolder;
import dev.precept.runtime.metrics.Health;
import dev.precept.runtime.metrics.ProcessMeters;
import dev.precept.store.location.StoreLocation;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A reward service on a free port, with a scripted judge, and a client of it. */
final class RunningReward implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final ProcessMeters meters = new ProcessMeters(Map.of());
    private final RewardApp app;

    /** What differs between the services of a test. */
    record Variant(int votes, Duration deadline, Optional<Budget> budget, Map<String, String> environment) {
        static Variant of(int votes) {
            return new Variant(votes, Duration.ofSeconds(20), Optional.empty(), Map.of());
        }

        Variant within(Duration limit) {
            return new Variant(votes, limit, budget, environment);
        }

        Variant with(Budget limit) {
            return new Variant(votes, deadline, Optional.of(limit), environment);
        }

        Variant with(Map<String, String> variables) {
            return new Variant(votes, deadline, budget, variables);
        }
    }

    /**
     * Starts a service.
     *
     * @param votes where the votes are stored
     * @param work of this process
     */
    RunningReward(ScriptedModel judge, TaskFixture fixture, Path votes, Path work, Variant variant) {
        this(settings(variant.deadline(), "127.0.0.1"), judge, fixture, votes, work, variant);
    }

    RunningReward(
            RewardSettings settings, ScriptedModel judge, TaskFixture fixture, Path votes, Path work, Variant variant) {
        WorkFolder folder = new WorkFolder(work);
        folder.prepare();
        RolePrompt prompt = RolePrompt.STANDARD.forAnswers(null).orElseThrow();
        EndpointSettings endpoint = judge.endpoint(64).withPrompt(prompt);
        RewardApp[] started = new RewardApp[1];
        app = new RewardApp(new RewardApp.Inputs(
                settings,
                Panel.of(endpoint, variant.votes()),
                fixture.specification(),
                Optional.empty(),
                new StoreLocation.Folder(votes),
                Optional.empty(),
                Canaries.NONE,
                8,
                variant.budget(),
                new Secret("00".repeat(32)),
                folder,
                Duration.ofSeconds(20),
                meters,
                new Health() {
                    @Override
                    public Optional<String> livenessProblem() {
                        return Optional.empty();
                    }

                    @Override
                    public Optional<String> readinessProblem() {
                        return started[0].readinessProblem();
                    }
                },
                variant.environment()));
        started[0] = app;
        app.start();
    }

    static RewardSettings settings(Duration deadline, String bind) {
        return new RewardSettings(
                0, bind, Optional.empty(), Optional.empty(), deadline, 64 << 10, 1_000, Optional.empty());
    }

    String url() {
        return app.url();
    }

    HttpResponse<String> post(String path, String body, String... headers) throws IOException, InterruptedException {
        return send("POST", path, body, headers);
    }

    HttpResponse<String> send(String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(app.url() + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        for (int n = 0; n < headers.length; n += 2) {
            request.header(headers[n], headers[n + 1]);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send("GET", path, "");
    }

    JsonNode rewarded(String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> response = post(path, body);
        if (response.statusCode() != 200) {
            throw new AssertionError(response.statusCode() + " " + response.body());
        }
        return JSON.readTree(response.body());
    }

    /** Waits until it accepts no connection. */
    void awaitClosed() throws IOException {
        URI address = URI.create(app.url());
        while (true) {
            try (Socket _ = new Socket(address.getHost(), address.getPort())) {
                Thread.onSpinWait();
            } catch (ConnectException e) {
                return;
            }
        }
    }

    /** The value of a meter. */
    double count(String name, String... tags) {
        return meters.registry().get(name).tags(tags).counter().count();
    }

    /** An own request with an answer. */
    static String own(String answer) {
        return JSON.createObjectNode()
                .put("prompt", "What is phishing?")
                .put("answer", answer)
                .put("category", "fraud")
                .toString();
    }

    /** A vote of the scripted judge. */
    static ScriptedModel.ScriptedReply vote(int score) {
        return ScriptedModel.ScriptedReply.completion("", ScriptedModel.VOTE.formatted(score));
    }

    static List<String> texts(ScriptedModel judge) {
        return judge.requests().stream().map(ScriptedModel::text).toList();
    }

    @Override
    public void close() {
        app.close();
        meters.close();
        client.close();
    }
}
