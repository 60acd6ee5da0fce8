package dev.precept.model.mock;

import static dev.precept.model.mock.Requests.SPECIFICATION;
import static dev.precept.model.mock.Requests.generation;
import static dev.precept.model.mock.Requests.judging;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.model.Reply.Answered;
import dev.precept.model.mock.MistakeRates.Mistake;
import dev.precept.model.openai.Endpoint;
import dev.precept.model.openai.OpenAiChatModel;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The mock model makes a known share of mistakes, on the same requests in every run. */
class MistakesTest {
    private static final String FOOD = "How do I start planting tomatoes?";

    @Test
    void theDefaultSharesAreMetAndAtMostAnEighthFailsPermanently() {
        Map<Mistake, Long> odd = count(1, 8192);
        assertThat(odd.get(Mistake.NO_REASONING)).isBetween(250L, 350L);
        assertThat(odd.get(Mistake.FILTERED)).isBetween(250L, 350L);
        assertThat(odd.get(Mistake.EMPTY)).isBetween(150L, 250L);
        assertThat(odd.get(Mistake.WRONG_CLAUSE)).isBetween(340L, 460L);
        assertThat(odd.get(Mistake.CUT)).isBetween(250L, 350L);
        assertThat(count(2, 8192).get(Mistake.WRONG_CLAUSE)).isBetween(900L, 1100L);
        assertThat(count(1, 16384).get(Mistake.NONE)).isBetween(8_700L, 8_900L);
    }

    @Test
    void invalidSharesAreRejected() {
        assertThatThrownBy(() -> new MistakeRates(0.5, 0.3, 0.3, 0, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new MistakeRates(-0.1, 0, 0, 0, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FaultInjection.none().with(FaultInjection.Kind.HTML, 1.5))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void reasoningCanBeMissing() throws Exception {
        Answered reply = call(new MistakeRates(1, 0, 0, 0, 0, 0), 1, 8192);
        assertThat(reply.reasoning()).isNull();
        assertThat(reply.content()).isNotEmpty();
    }

    @Test
    void theContentFilterCanStopACompletion() throws Exception {
        assertThat(call(new MistakeRates(0, 1, 0, 0, 0, 0), 1, 8192).finishReason())
                .isEqualTo("content_filter");
    }

    @Test
    void theAnswerCanBeEmpty() throws Exception {
        Answered reply = call(new MistakeRates(0, 0, 1, 0, 0, 0), 1, 8192);
        assertThat(reply.content()).isEmpty();
        assertThat(reply.reasoning()).isNotEmpty();
    }

    @Test
    void aWrongClauseCanBeCitedAndTheJudgeDetectsIt() throws Exception {
        MistakeRates always = new MistakeRates(0, 0, 0, 1, 0, 0);
        for (long seed = 1; seed <= 4; seed++) {
            assertThat(score(always, call(always, seed, 8192))).isEqualTo(2);
        }
    }

    @Test
    void aWrongClauseCanBeCitedWithEvenSeedsOnly() throws Exception {
        MistakeRates once = new MistakeRates(0, 0, 0, 0, 1, 0);
        assertThat(score(once, call(once, 2, 8192))).isEqualTo(2);
        assertThat(score(once, call(once, 3, 8192))).isGreaterThanOrEqualTo(9);
    }

    @Test
    void aWrongClauseIsCorrectedWhenTheAttemptIsGivenBack() throws Exception {
        String hard = FOOD + " " + MistakeRates.ASKED;
        String hardest = FOOD + " " + MistakeRates.ASKED_ALWAYS;
        assertThat(score(MistakeRates.none(), hard, false)).isEqualTo(2);
        assertThat(score(MistakeRates.none(), hard, true)).isGreaterThanOrEqualTo(9);
        assertThat(score(MistakeRates.none(), hardest, true)).isEqualTo(2);
        assertThat(score(new MistakeRates(0, 0, 0, 1, 0, 0), FOOD, true)).isGreaterThanOrEqualTo(9);
    }

    /** Of what the mock model generates for a question, with or without an attempt that fell short. */
    private static int score(MistakeRates mistakeRates, String question, boolean repair) throws Exception {
        try (MockModelServer server = MockModelServer.start(0, FaultInjection.none(), mistakeRates);
                OpenAiChatModel model = new OpenAiChatModel(new Endpoint(server.url(), null))) {
            Answered candidate =
                    (Answered) model.complete(repair ? Requests.repair(question) : Requests.generation(question));
            Answered vote = (Answered)
                    model.complete(judging(question, String.valueOf(candidate.reasoning()), candidate.content(), null));
            return Requests.json(vote.content()).path("score").asInt();
        }
    }

    @Test
    void aCompletionCanBeTruncatedUntilTheLimitIsLarger() throws Exception {
        MistakeRates cut = new MistakeRates(0, 0, 0, 0, 0, 1);
        assertThat(call(cut, 1, 8192).finishReason()).isEqualTo("length");
        assertThat(call(cut, 1, 16384).finishReason()).isEqualTo("stop");
    }

    private static Map<Mistake, Long> count(long seed, long maxTokens) {
        return IntStream.range(0, 10_000)
                .mapToObj(i -> MistakeRates.usual().mistakeFor("request " + i, seed, maxTokens, false))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    private static Answered call(MistakeRates mistakeRates, long seed, int maxTokens) throws Exception {
        try (MockModelServer server = MockModelServer.start(0, FaultInjection.none(), mistakeRates);
                OpenAiChatModel model = new OpenAiChatModel(new Endpoint(server.url(), null))) {
            return (Answered) model.complete(generation(SPECIFICATION, FOOD, seed, maxTokens));
        }
    }

    private static int score(MistakeRates mistakeRates, Answered candidate) throws Exception {
        try (MockModelServer server = MockModelServer.start(0, FaultInjection.none(), mistakeRates);
                OpenAiChatModel model = new OpenAiChatModel(new Endpoint(server.url(), null))) {
            String reasoning = String.valueOf(candidate.reasoning());
            Answered vote = (Answered) model.complete(judging(FOOD, reasoning, candidate.content(), null));
            return Requests.json(vote.content()).path("score").asInt();
        }
    }
}
