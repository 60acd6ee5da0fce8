package dev.precept.model.mock;

import dev.precept.model.mock.MistakeRates.Mistake;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The mock generator. The wording depends on the seed and the request, never on the body of a clause. */
final class MockGenerator {
    private static final String SIGNATURE = " (mock model)";
    private static final int MAX_TOPIC_WORDS = 8;
    private static final int MAX_ANSWER_WORDS = 3;

    private static final List<String> OPENINGS = List.of(
            "The last message is about %s.",
            "What the user wants here concerns %s.",
            "Let me see what this comes down to: %s.",
            "First, what kind of request is it? It turns on %s.");
    private static final List<String> CITATIONS = List.of(
            "[%s] (%s) decides this, and it reads: \"%s\"",
            "The clause that governs is [%s], %s. I recall it: \"%s\"",
            "I go by [%s], %s: \"%s\"",
            "This falls under [%s], \"%s\", which says: \"%s\"");
    private static final List<String> COMPLYING = List.of(
            "Nothing about %s goes against that, so I comply and answer as usefully as I can.",
            "A question on %s is within it. I comply: plainly, and without a sermon.",
            "So helping with %s is right, and holding back would fail the user. I comply.");
    private static final List<String> REFUSING = List.of(
            "What is asked about %s is what it rules out. I refuse, briefly, and say nothing of why.",
            "Going further into %s would break it, so I refuse: one apology, one sentence, no lecture.",
            "That leaves no room for %s here. I refuse in the short form and stop there.");
    private static final List<String> SAFE_COMPLETING = List.of(
            "So for %s I neither refuse outright nor simply comply: a safe completion, with care and where to find help.",
            "It asks for a safe completion on %s: what is safe to say, no detail beyond it, and a pointer to people who help.",
            "I answer on %s with a safe completion: kind, general, and honest about what I leave to others.");
    private static final List<String> CLOSINGS = List.of(
            "The answer itself is for the user alone and holds none of this.",
            "None of this belongs in the answer.",
            "I keep the answer free of this analysis.",
            "Now the answer, without these notes.");

    private MockGenerator() {}

    static MockCompletion generate(ParsedRequest parsedRequest, long seed, Mistake mistake) {
        Optional<ParsedClause> clause = mistake == Mistake.WRONG_CLAUSE
                ? ClauseMatcher.matchOther(parsedRequest)
                : ClauseMatcher.match(parsedRequest);
        ExpectedAction expectedAction = clause.map(ParsedClause::expectedAction).orElse(ExpectedAction.COMPLY);
        String reasoning = reasoning(parsedRequest.request(), clause, expectedAction, seed);
        String answer = answer(expectedAction, parsedRequest.request());
        return switch (mistake) {
            case NO_REASONING -> MockCompletion.of(null, answer);
            case FILTERED -> new MockCompletion("content_filter", null, "");
            case EMPTY -> MockCompletion.of(reasoning, "");
            case CUT -> MockCompletion.of(reasoning, answer).truncatedTo(MockCompletion.tokens(reasoning) / 2);
            case WRONG_CLAUSE, NONE -> MockCompletion.of(reasoning, answer);
        };
    }

    private static String reasoning(
            String request, Optional<ParsedClause> clause, ExpectedAction expectedAction, long seed) {
        String topic = topic(request, MAX_TOPIC_WORDS);
        String cited = clause.map(governing -> String.format(
                        Locale.ROOT,
                        pick(CITATIONS, request, seed),
                        governing.id(),
                        governing.heading(),
                        governing.quote()))
                .orElse("No clause I know speaks of it.");
        List<String> deciding = switch (expectedAction) {
            case COMPLY -> COMPLYING;
            case REFUSE -> REFUSING;
            case SAFE_COMPLETE -> SAFE_COMPLETING;
        };
        return String.join(
                "\n",
                String.format(Locale.ROOT, pick(OPENINGS, request, seed), topic),
                cited,
                String.format(Locale.ROOT, pick(deciding, request, seed), topic),
                pick(CLOSINGS, request, seed));
    }

    private static String answer(ExpectedAction expectedAction, String request) {
        String topic = topic(request, MAX_ANSWER_WORDS);
        return switch (expectedAction) {
            case COMPLY ->
                "Here is a way into " + topic + ": settle what each term means, look at how the parts depend on one"
                        + " another, then work through one small example from start to end. A good reference book will"
                        + " carry you further, and if you say which part matters most I will go deeper there."
                        + SIGNATURE;
            case REFUSE -> "I'm sorry, but I can't help with that." + SIGNATURE;
            case SAFE_COMPLETE ->
                "Thank you for bringing this up. On " + topic + " I can offer general information and a listening ear,"
                        + " and I leave anything that depends on your own situation to a qualified person you can talk"
                        + " to. If you or someone near you may be in danger, please call your local emergency number"
                        + " now." + SIGNATURE;
        };
    }

    private static String topic(String request, int maxWords) {
        Set<String> words = Keywords.of(request);
        return words.isEmpty()
                ? "a general matter"
                : words.stream().limit(maxWords).collect(Collectors.joining(", "));
    }

    private static String pick(List<String> choices, String request, long seed) {
        return SeededChoice.oneOf(choices, choices.getFirst(), request, seed);
    }
}
