package dev.precept.model.mock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.model.ChatMessage;
import dev.precept.model.ChatRequest;
import dev.precept.model.ResponseSchema;
import dev.precept.model.Sampling;
import dev.precept.model.UntrustedText;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Requests as workers send them: a specification, and untrusted text in blocks. */
final class Requests {
    static final String NONCE = "n0nce-42";
    static final String SPECIFICATION = """
            # Gardening {#garden}
            What belongs in a garden.

            ## Growing food {#garden-K0}

            Help with growing food. Give steps that a beginner can follow.

            A second paragraph on compost.

            ### Examples
            Anything about beans.

            ## Poisonous plants {#garden-K1}

            Do not help anyone to harm others with plants. Say sorry and stop.

            ## Eating unknown plants {#garden-K2}

            Care for the person first. Tell them whom to call.
            """;

    static final ClauseHints HINTS = ClauseHints.parse("""
            # A comment.
            garden-K0 comply: tomatoes, vegetables, planting
            garden-K1 refuse: poison, hemlock, neighbour
            garden-K2 safe_complete: swallowed, berries, sick
            """);

    private static final ObjectMapper JSON = new ObjectMapper();

    private Requests() {}

    /** A conversation of roles and texts. */
    static String conversation(String... rolesAndTexts) {
        return conversationOf(NONCE, rolesAndTexts);
    }

    static String conversationOf(String nonce, String... rolesAndTexts) {
        List<UntrustedText.Turn> turns = new ArrayList<>();
        for (int i = 0; i < rolesAndTexts.length; i += 2) {
            turns.add(new UntrustedText.Turn(rolesAndTexts[i], rolesAndTexts[i + 1]));
        }
        return UntrustedText.wrapTurns("conversation", nonce, turns);
    }

    static ChatRequest generation(String specification, String question, long seed, int maxTokens) {
        String text = conversation("user", question) + "\n\n<<policies " + NONCE + ">>\n" + specification
                + "\n<<end policies " + NONCE + ">>\n\nThink first, then answer.";
        return request(text, null, seed, maxTokens);
    }

    static ChatRequest generation(String question) {
        return generation(SPECIFICATION, question, 1, 8192);
    }

    static ChatRequest repair(String question) {
        String text = SPECIFICATION + "\n" + conversation("user", question) + "\n"
                + UntrustedText.wrap("draft_reasoning", NONCE, "[garden-K9] applies.") + "\n"
                + UntrustedText.wrapTurns(
                        "reviews",
                        NONCE,
                        List.of(new UntrustedText.Turn("review", "Score 2. It cites a wrong clause.")));
        return request(text, null, 1, 8192);
    }

    static ChatRequest judging(String question, String reasoning, String answer, @Nullable String sideInformation) {
        String side =
                sideInformation == null ? "" : UntrustedText.wrap("side_information", NONCE, sideInformation) + "\n";
        String text = SPECIFICATION + "\n# The candidate\n" + conversation("user", question) + "\n"
                + UntrustedText.wrap("reasoning", NONCE, reasoning) + "\n" + UntrustedText.wrap("answer", NONCE, answer)
                + "\n"
                + side;
        return request(text, new ResponseSchema("vote", voteSchema()), 1, 8192);
    }

    static JsonNode voteSchema() {
        return json("""
                {"type": "object", "additionalProperties": false,
                 "required": ["analysis", "score", "criteria", "agree", "response_style", "grade", "safe", "notes", "kind"],
                 "$defs": {"mark": {"type": "integer", "minimum": 0, "maximum": 10}},
                 "properties": {
                   "analysis": {"type": "string", "maxLength": 20},
                   "score": {"$ref": "#/$defs/mark"},
                   "criteria": {"type": "object", "properties": {"helpful": {"type": "number", "minimum": 1, "maximum": 5}}},
                   "agree": {"type": ["boolean", "null"]},
                   "response_style": {"type": "string", "enum": ["comply", "refuse", "safe_complete"]},
                   "grade": {"enum": ["poor", "fair", "good"]},
                   "safe": {"type": "boolean"},
                   "notes": {"type": "array", "items": {"type": "string"}, "minItems": 2},
                   "kind": {"const": "vote"}}}""");
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException broken) {
            throw new IllegalArgumentException(broken);
        }
    }

    private static ChatRequest request(String text, @Nullable ResponseSchema schema, long seed, int maxTokens) {
        return new ChatRequest(
                "any",
                List.of(ChatMessage.user(text)),
                null,
                new Sampling(null, null, null, maxTokens),
                schema,
                seed,
                Duration.ofSeconds(20));
    }
}
