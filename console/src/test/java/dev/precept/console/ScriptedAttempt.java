package dev.precept.console;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.console.api.ApiReply;
import dev.precept.console.api.EventStream;
import dev.precept.console.api.Route;
import java.io.IOException;
import java.util.List;

/** The page on which prompts are tried, with one attempt whose texts are hostile and whose first call fails. */
final class ScriptedAttempt {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ScriptedAttempt() {}

    static Console.Extension page() {
        ObjectNode setting = JSON.createObjectNode()
                .put("generator", "small")
                .put("judge", "large")
                .put("spent_usd", 0.25)
                .put("budget_usd", 10)
                .put("categories_required", false);
        setting.putArray("categories").add("Harassment").add("Self-harm");
        setting.putArray("efforts").add("medium").add("low");
        return new Console.Extension(
                "try",
                List.of(
                        Route.get("/api/try", _ -> ApiReply.json(setting)),
                        Route.post("/api/try", _ -> ApiReply.events(ScriptedAttempt::send)),
                        Route.post(
                                "/api/try/keep",
                                _ -> ApiReply.created(JSON.createObjectNode().put("file", "try/canaries.jsonl")))));
    }

    private static void send(EventStream events) throws IOException {
        events.send(
                "excerpt",
                text(ConsoleFixture.HOSTILE).put("characters", 200_000).put("clauses", 3));
        events.send("state", text("The call of the generator failed once: too many requests (429). It is repeated."));
        events.send("piece", text("of a call that fails").put("part", "reasoning"));
        events.send("again", JSON.createObjectNode());
        events.send("piece", text(ConsoleFixture.HOSTILE).put("part", "reasoning"));
        events.send("reasoning", text(ConsoleFixture.HOSTILE));
        events.send("answer", text(ConsoleFixture.HOSTILE));
        events.send(
                "vote",
                JSON.createObjectNode()
                        .put("score", 9)
                        .put("model", "large")
                        .put("style", "REFUSE")
                        .put("reason", ConsoleFixture.HOSTILE));
        events.send(
                "spend",
                JSON.createObjectNode()
                        .put("prompt", 1200)
                        .put("cached", 0)
                        .put("completion", 300)
                        .put("usd", 0.01));
        events.send(
                "done",
                text("A run would accept it: the lowest vote is 9, the threshold 8.")
                        .put("id", "1"));
    }

    private static ObjectNode text(String text) {
        return JSON.createObjectNode().put("text", text);
    }
}
