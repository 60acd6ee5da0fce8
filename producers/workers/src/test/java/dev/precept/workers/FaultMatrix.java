package dev.precept.workers;

import static dev.precept.workers.FaultyServer.SCORE;
import static dev.precept.workers.ResponseFaults.answered;
import static dev.precept.workers.ResponseFaults.calling;
import static dev.precept.workers.ResponseFaults.declining;
import static dev.precept.workers.ResponseFaults.reasonedTwice;
import static dev.precept.workers.ResponseFaults.refusing;
import static dev.precept.workers.ResponseFaults.used;
import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.records.Candidate;
import dev.precept.records.Completion;
import dev.precept.records.Failure;
import dev.precept.records.Reason;
import dev.precept.records.Usage;
import dev.precept.records.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The expected result of each fault, for both roles. */
final class FaultMatrix {
    private static final int ALWAYS = Integer.MAX_VALUE;

    private final List<Row<Candidate>> generating = new ArrayList<>();
    private final List<Row<Verdict>> judging = new ArrayList<>();
    private final Map<String, Long> invalidVotes = new TreeMap<>();

    /** @param calls expected calls, the good one included; 0 if the number varies */
    record Row<R>(String id, String name, FaultyServer.Plan plan, int calls, Consumer<R> outcome) {}

    FaultMatrix() {
        Map<String, ServerFault> outages = outages();
        outages(outages);
        lastingFaults(outages);
        recordsOfTheGenerator();
        recordsOfTheJudge();
    }

    List<Row<Candidate>> generating() {
        return generating;
    }

    List<Row<Verdict>> judging() {
        return judging;
    }

    private static final Consumer<Candidate> GOOD =
            candidate -> assertThat(candidate.getOutcome()).isInstanceOfSatisfying(Completion.class, completion -> {
                assertThat(completion.getFinishReason()).isEqualTo("stop");
                assertThat(completion.getAnswer()).isEqualTo("Look at the sender.");
                assertThat(candidate.getGenerator().getAttempts()).isEqualTo(1);
            });

    private static Map<String, ServerFault> outages() {
        String html = "<html><body>Bad gateway</body></html>";
        Map<String, ServerFault> outages = new LinkedHashMap<>();
        outages.put("429", ServerFault.answers(429, ServerFault.JSON, "{\"error\":{\"message\":\"slow down\"}}"));
        outages.put("429, Retry-After in seconds", ServerFault.answers(429, "Retry-After: 1\r\n", ""));
        outages.put("429, Retry-After as a date", ServerFault.retryAfterDate());
        outages.put("500 in HTML", ServerFault.answers(500, ServerFault.HTML, html));
        outages.put("502 in HTML", ServerFault.answers(502, ServerFault.HTML, html));
        outages.put(
                "503 in HTML, Retry-After", ServerFault.answers(503, ServerFault.HTML + "Retry-After: 1\r\n", html));
        outages.put(
                "200, an error in the body",
                ServerFault.answers("{\"error\":{\"message\":\"x\",\"code\":\"overloaded\"}}"));
        outages.put("200, no choices", ServerFault.answers("{\"choices\":[]}"));
        outages.put("200, the finish reason is an error", answered("error", "Hm.", "Look"));
        outages.put(
                "200, the finish reason is a lack of resources",
                answered("insufficient_system_resource", "Hm.", "Look"));
        outages.put("200, HTML", ServerFault.answers(200, ServerFault.HTML, html));
        outages.put("a completion declared as HTML", ServerFault.under(ServerFault.HTML));
        outages.put(
                "an unrequested event stream",
                ServerFault.answers(200, "Content-Type: text/event-stream\r\n", "data: {}\n\n"));
        outages.put("hang before the headers", ServerFault.hangs());
        outages.put("hang within the body", ServerFault.hangsWithinTheBody());
        outages.put("one byte a second", ServerFault.sendsOneByteASecond());
        outages.put("truncated JSON", ServerFault.truncatesTheJson());
        outages.put("a truncated body", ServerFault.truncatesTheBody());
        outages.put("invalid UTF-8", ServerFault.sendsInvalidUtf8());
        outages.put("an unpaired surrogate as bytes", ServerFault.sendsASurrogateAsBytes());
        outages.put("an endless body", ServerFault.neverEnds());
        outages.put("a body of 200 MB", ServerFault.sendsTwoHundredMegabytes());
        outages.put("endless nesting", ServerFault.nestsEndlessly());
        outages.put("a gzip bomb", ServerFault.sendsAGzipBomb());
        outages.put("an unrequested content coding", ServerFault.under(ServerFault.JSON + "Content-Encoding: br\r\n"));
        outages.put("reset before the headers", ServerFault.resets());
        outages.put("a chunk twice", ServerFault.sendsAChunkTwice());
        return outages;
    }

    /** A transient fault costs no attempt of a generation, and one request of a vote. */
    private void outages(Map<String, ServerFault> outages) {
        outages.forEach((name, serverFault) -> {
            generating(name, serverFault, 1, 2, GOOD);
            judging(name, serverFault, 1, 2, vote(1));
        });
        // The client may see the body or the reset first.
        generating("reset after the full body", ServerFault.resetsAfterTheBody(), 1, 0, GOOD);
        judging("reset after the full body", ServerFault.resetsAfterTheBody(), 1, 0, vote(1));
        generating("a completion declared as text", ServerFault.under("Content-Type: text/plain\r\n"), ALWAYS, 1, GOOD);
    }

    /** A fault that persists for one record alone fails that record. */
    private void lastingFaults(Map<String, ServerFault> outages) {
        generating("persistent timeout", ServerFault.hangs(), ALWAYS, 0, fails(Reason.TIMED_OUT));
        List<String> unreadable = List.of(
                "truncated JSON", "invalid UTF-8", "endless nesting", "a gzip bomb", "a body of 200 MB", "200, HTML");
        outages.forEach((name, serverFault) -> {
            if (unreadable.contains(name)) {
                generating(name + ", persistent", serverFault, ALWAYS, 0, fails(Reason.MALFORMED));
            }
        });
        judging("truncated JSON, persistent", ServerFault.truncatesTheJson(), ALWAYS, 0, FaultMatrix::unjudgeable);
    }

    private void recordsOfTheGenerator() {
        generating("an unpaired surrogate", answered("stop", "Hm.", "Fine \ud83d"), ALWAYS, 1, fails(Reason.MALFORMED));
        generating("two different reasonings", reasonedTwice(), ALWAYS, 1, fails(Reason.MALFORMED));
        generating(
                "too long an answer", answered("stop", "Hm.", "x".repeat(600_000)), ALWAYS, 1, fails(Reason.MALFORMED));
        generating("tool calls not offered", calling("tool_calls"), ALWAYS, 1, fails(Reason.MALFORMED));
        generating("400 on the content", refusing(400, "bad content"), ALWAYS, 1, fails(Reason.REQUEST_REFUSED));
        generating("422 on the content", refusing(422, "bad content"), ALWAYS, 1, fails(Reason.REQUEST_REFUSED));
        generating(
                "400 in a body under 200",
                ServerFault.answers("{\"error\":{\"code\":400}}"),
                ALWAYS,
                1,
                fails(Reason.REQUEST_REFUSED));
        generating(
                "a context too long",
                refusing(400, "maximum context length is 4096"),
                ALWAYS,
                1,
                fails(Reason.CONTEXT_TOO_LONG));
        // The screening decides on these: the candidate must hold what it needs.
        generating("end_turn", answered("end_turn", "Hm.", "Look at"), ALWAYS, 1, carries("stop", "Look at"));
        generating("empty content", answered("stop", "Hm.", ""), ALWAYS, 1, carries("stop", ""));
        generating("length", answered("length", "Hm.", "Look at"), ALWAYS, 1, carries("length", "Look at"));
        generating("content_filter", answered("content_filter", "", ""), ALWAYS, 1, carries("content_filter", ""));
        generating("a refusal in its own field", declining(), ALWAYS, 1, carries("stop", "I cannot help with that."));
        generating("usage missing", used(null), ALWAYS, 1, GOOD.andThen(cost(0, 0)));
        generating("usage negative", used(-7L), ALWAYS, 1, GOOD.andThen(cost(0, 0)));
    }

    private void recordsOfTheJudge() {
        Map<String, ServerFault> invalid = new LinkedHashMap<>();
        for (String score : List.of("11", "-1", "NaN", "9.5", "\"10/10\"", "9, \"score\": 9")) {
            invalid.put("score " + score, answered("stop", "", SCORE.formatted(score)));
        }
        invalid.put("10/10", answered("stop", "", "10/10"));
        invalid.put("prose", answered("stop", "", "A fine answer, ten out of ten."));
        invalid.put("empty content", answered("stop", "", ""));
        invalid.put("length", answered("length", "", SCORE.formatted("9")));
        invalid.put("content_filter", answered("content_filter", "", SCORE.formatted("9")));
        invalid.put("an unpaired surrogate", answered("stop", "\ude00", SCORE.formatted("9")));
        invalid.put("a refusal in its own field", declining());
        invalid.put("tool calls not offered", calling("stop"));
        invalid.put("400 on the content", refusing(400, "bad content"));
        invalid.put("a context too long", refusing(400, "maximum context length is 4096"));
        invalid.forEach((name, serverFault) -> {
            judging(name, serverFault, 1, 2, vote(2));
            // A vote that is cut has one larger try.
            int requests = name.equals("length") ? 2 : 3;
            judging(name + ", persistent", serverFault, ALWAYS, requests, FaultMatrix::unjudgeable);
            invalidVotes.merge(cause(name), 1L + requests, Long::sum);
        });
        String around = "A fine answer, ten out of ten. " + SCORE.formatted("9");
        judging("a vote after prose", answered("stop", "", around), ALWAYS, 1, vote(1));
        judging(
                "a vote in a fence",
                answered("stop", "", "```json\n" + SCORE.formatted("9") + "\n```"),
                ALWAYS,
                1,
                vote(1));
        judging(
                "a vote after thinking",
                answered("stop", "", "<think>Perhaps " + SCORE.formatted("2") + "</think>\n" + SCORE.formatted("9")),
                ALWAYS,
                1,
                vote(1));
        for (String score : List.of("9.0", "\"9\"", "9, \"mood\": 1")) {
            judging("score " + score, answered("stop", "", SCORE.formatted(score)), ALWAYS, 1, vote(1));
        }
        judging("usage missing", used(null), ALWAYS, 1, vote(1));
        judging("usage negative", used(-7L), ALWAYS, 1, vote(1));
    }

    /** Under which the vote of a fault is counted. */
    private static String cause(String name) {
        return switch (name) {
            case "10/10", "prose", "a refusal in its own field" -> "no_object";
            case "empty content" -> "empty";
            case "length" -> "cut";
            case "content_filter" -> "other_end";
            case "an unpaired surrogate" -> "malformed";
            case "tool calls not offered" -> "tool_call";
            case "400 on the content" -> "refused";
            case "a context too long" -> "context_too_long";
            case "score 9, \"score\": 9" -> "repeated_key";
            default -> "no_whole_number";
        };
    }

    /** The replies that are no vote, by cause. */
    Map<String, Long> invalidVotes() {
        return invalidVotes;
    }

    private void generating(String name, ServerFault serverFault, int times, int calls, Consumer<Candidate> outcome) {
        String id = "generator-" + generating.size();
        generating.add(new Row<>(id, name, new FaultyServer.Plan(serverFault, times), calls, outcome));
    }

    private void judging(String name, ServerFault serverFault, int times, int calls, Consumer<Verdict> outcome) {
        String id = "judge-" + judging.size();
        judging.add(new Row<>(id, name, new FaultyServer.Plan(serverFault, times), calls, outcome));
    }

    private static Consumer<Candidate> fails(Reason reason) {
        return candidate -> assertThat(candidate.getOutcome())
                .isInstanceOfSatisfying(
                        Failure.class,
                        failure -> assertThat(failure.getReason()).isEqualTo(reason));
    }

    private static Consumer<Candidate> carries(String finishReason, String answer) {
        return candidate -> assertThat(candidate.getOutcome()).isInstanceOfSatisfying(Completion.class, completion -> {
            assertThat(completion.getFinishReason()).isEqualTo(finishReason);
            assertThat(completion.getAnswer()).isEqualTo(answer);
        });
    }

    private static Consumer<Candidate> cost(long prompt, long completion) {
        return candidate ->
                assertThat(candidate.getGenerator().getUsage()).isEqualTo(new Usage(prompt, completion, 0L, 0L));
    }

    private static Consumer<Verdict> vote(int calls) {
        return verdict -> {
            assertThat(verdict.getFailure()).isNull();
            assertThat(verdict.getVotes()).singleElement().satisfies(vote -> {
                assertThat(vote.getScore()).isEqualTo(9);
                assertThat(vote.getCalls()).isEqualTo(calls);
            });
        };
    }

    private static void unjudgeable(Verdict verdict) {
        assertThat(verdict.getVotes()).isEmpty();
        assertThat(verdict.getFailure()).extracting(Failure::getReason).isEqualTo(Reason.UNJUDGEABLE);
    }
}
