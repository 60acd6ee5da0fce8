package dev.precept.workers;

import static dev.precept.workers.FaultyServer.BALLOT;
import static dev.precept.workers.Spoken.calling;
import static dev.precept.workers.Spoken.declining;
import static dev.precept.workers.Spoken.reasonedTwice;
import static dev.precept.workers.Spoken.refusing;
import static dev.precept.workers.Spoken.said;
import static dev.precept.workers.Spoken.used;
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
import java.util.function.Consumer;

/** Which fault ends in what, row by row, for both roles. */
final class FaultMatrix {
    private static final int ALWAYS = Integer.MAX_VALUE;

    private final List<Row<Candidate>> generating = new ArrayList<>();
    private final List<Row<Verdict>> judging = new ArrayList<>();

    /** @param calls how often the server must be asked, the good call included; 0 where that may vary */
    record Row<R>(String id, String name, FaultyServer.Plan plan, int calls, Consumer<R> outcome) {}

    FaultMatrix() {
        Map<String, Fault> outages = outages();
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

    private static Map<String, Fault> outages() {
        String html = "<html><body>Bad gateway</body></html>";
        Map<String, Fault> outages = new LinkedHashMap<>();
        outages.put("429", Fault.answers(429, Fault.JSON, "{\"error\":{\"message\":\"slow down\"}}"));
        outages.put("429, Retry-After in seconds", Fault.answers(429, "Retry-After: 1\r\n", ""));
        outages.put("429, Retry-After as a date", Fault.asksForADate());
        outages.put("500 in HTML", Fault.answers(500, Fault.HTML, html));
        outages.put("502 in HTML", Fault.answers(502, Fault.HTML, html));
        outages.put("503 in HTML, Retry-After", Fault.answers(503, Fault.HTML + "Retry-After: 1\r\n", html));
        outages.put(
                "200, an error in the body", Fault.answers("{\"error\":{\"message\":\"x\",\"code\":\"overloaded\"}}"));
        outages.put("200, HTML", Fault.answers(200, Fault.HTML, html));
        outages.put("a completion that calls itself HTML", Fault.under(Fault.HTML));
        outages.put(
                "an event stream nobody asked for",
                Fault.answers(200, "Content-Type: text/event-stream\r\n", "data: {}\n\n"));
        outages.put("hang before the headers", Fault.hangs());
        outages.put("hang in mid-body", Fault.hangsInMidBody());
        outages.put("one byte a second", Fault.dribbles());
        outages.put("truncated JSON", Fault.cutsTheJson());
        outages.put("a body that breaks off", Fault.breaksOff());
        outages.put("invalid UTF-8", Fault.sendsInvalidUtf8());
        outages.put("a lone surrogate as bytes", Fault.sendsASurrogateAsBytes());
        outages.put("an endless body", Fault.neverEnds());
        outages.put("a body of 200 MB", Fault.sendsTwoHundredMegabytes());
        outages.put("nesting without end", Fault.nestsWithoutEnd());
        outages.put("a gzip bomb", Fault.sendsAGzipBomb());
        outages.put("a coding nobody asked for", Fault.under(Fault.JSON + "Content-Encoding: br\r\n"));
        outages.put("reset before the headers", Fault.resets());
        outages.put("a chunk twice", Fault.sendsAChunkTwice());
        return outages;
    }

    /** What passes costs no attempt, and a vote no asking. */
    private void outages(Map<String, Fault> outages) {
        outages.forEach((name, fault) -> {
            generating(name, fault, 1, 2, GOOD);
            judging(name, fault, 1, 2, vote(1));
        });
        // Whether the body or the reset is seen first is the network's choice.
        generating("reset after the full body", Fault.resetsAfterTheBody(), 1, 0, GOOD);
        judging("reset after the full body", Fault.resetsAfterTheBody(), 1, 0, vote(1));
        generating("good JSON that calls itself text", Fault.under("Content-Type: text/plain\r\n"), ALWAYS, 1, GOOD);
    }

    /** What comes back for one record alone is that record's. */
    private void lastingFaults(Map<String, Fault> outages) {
        generating("late for ever", Fault.hangs(), ALWAYS, 3, fails(Reason.TIMED_OUT));
        List<String> unreadable = List.of(
                "truncated JSON",
                "invalid UTF-8",
                "nesting without end",
                "a gzip bomb",
                "a body of 200 MB",
                "200, HTML");
        outages.forEach((name, fault) -> {
            if (unreadable.contains(name)) {
                generating(name + ", for ever", fault, ALWAYS, 0, fails(Reason.MALFORMED));
            }
        });
        judging("truncated JSON, for ever", Fault.cutsTheJson(), ALWAYS, 0, FaultMatrix::unjudgeable);
    }

    private void recordsOfTheGenerator() {
        generating("empty choices", Fault.answers("{\"choices\":[]}"), ALWAYS, 1, fails(Reason.MALFORMED));
        generating("half of a surrogate pair", said("stop", "Hm.", "Fine \ud83d"), ALWAYS, 1, fails(Reason.MALFORMED));
        generating("two reasonings", reasonedTwice(), ALWAYS, 1, fails(Reason.MALFORMED));
        generating("too long an answer", said("stop", "Hm.", "x".repeat(600_000)), ALWAYS, 1, fails(Reason.MALFORMED));
        generating("tool calls out of nowhere", calling("tool_calls"), ALWAYS, 1, fails(Reason.MALFORMED));
        generating("400 on the content", refusing(400, "bad content"), ALWAYS, 1, fails(Reason.REQUEST_REFUSED));
        generating("422 on the content", refusing(422, "bad content"), ALWAYS, 1, fails(Reason.REQUEST_REFUSED));
        generating(
                "400 under 200", Fault.answers("{\"error\":{\"code\":400}}"), ALWAYS, 1, fails(Reason.REQUEST_REFUSED));
        generating(
                "a context too long",
                refusing(400, "maximum context length is 4096"),
                ALWAYS,
                1,
                fails(Reason.CONTEXT_TOO_LONG));
        // These the screen decides: what it needs to know must be on the candidate.
        generating("empty content", said("stop", "Hm.", ""), ALWAYS, 1, carries("stop", ""));
        generating("length", said("length", "Hm.", "Look at"), ALWAYS, 1, carries("length", "Look at"));
        generating("content_filter", said("content_filter", "", ""), ALWAYS, 1, carries("content_filter", ""));
        generating("a refusal in its own field", declining(), ALWAYS, 1, carries("stop", "I cannot help with that."));
        generating("usage missing", used(null), ALWAYS, 1, GOOD.andThen(cost(0, 0)));
        generating("usage negative", used(-7L), ALWAYS, 1, GOOD.andThen(cost(0, 0)));
    }

    private void recordsOfTheJudge() {
        Map<String, Fault> invalid = new LinkedHashMap<>();
        for (String score : List.of("11", "-1", "NaN", "9.5", "\"10/10\"", "9, \"mood\": 1", "9, \"score\": 9")) {
            invalid.put("score " + score, said("stop", "", BALLOT.formatted(score)));
        }
        invalid.put("10/10", said("stop", "", "10/10"));
        invalid.put("prose", said("stop", "", "A fine answer, ten out of ten. " + BALLOT.formatted("9")));
        invalid.put("a vote in a fence", said("stop", "", "```json\n" + BALLOT.formatted("9") + "\n```"));
        invalid.put("empty content", said("stop", "", ""));
        invalid.put("length", said("length", "", BALLOT.formatted("9")));
        invalid.put("content_filter", said("content_filter", "", BALLOT.formatted("9")));
        invalid.put("empty choices", Fault.answers("{\"choices\":[]}"));
        invalid.put("half of a surrogate pair", said("stop", "\ude00", BALLOT.formatted("9")));
        invalid.put("a refusal in its own field", declining());
        invalid.put("tool calls out of nowhere", calling("stop"));
        invalid.put("400 on the content", refusing(400, "bad content"));
        invalid.put("a context too long", refusing(400, "maximum context length is 4096"));
        invalid.forEach((name, fault) -> {
            judging(name, fault, 1, 2, vote(2));
            judging(name + ", for ever", fault, ALWAYS, 3, FaultMatrix::unjudgeable);
        });
        judging("usage missing", used(null), ALWAYS, 1, vote(1));
        judging("usage negative", used(-7L), ALWAYS, 1, vote(1));
    }

    private void generating(String name, Fault fault, int times, int calls, Consumer<Candidate> outcome) {
        String id = "generator-" + generating.size();
        generating.add(new Row<>(id, name, new FaultyServer.Plan(fault, times), calls, outcome));
    }

    private void judging(String name, Fault fault, int times, int calls, Consumer<Verdict> outcome) {
        String id = "judge-" + judging.size();
        judging.add(new Row<>(id, name, new FaultyServer.Plan(fault, times), calls, outcome));
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
                assertThat(candidate.getGenerator().getUsage()).isEqualTo(new Usage(prompt, completion, 0L));
    }

    private static Consumer<Verdict> vote(int asks) {
        return verdict -> {
            assertThat(verdict.getFailure()).isNull();
            assertThat(verdict.getVotes()).singleElement().satisfies(vote -> {
                assertThat(vote.getScore()).isEqualTo(9);
                assertThat(vote.getAsks()).isEqualTo(asks);
            });
        };
    }

    private static void unjudgeable(Verdict verdict) {
        assertThat(verdict.getVotes()).isEmpty();
        assertThat(verdict.getFailure()).extracting(Failure::getReason).isEqualTo(Reason.UNJUDGEABLE);
    }
}
