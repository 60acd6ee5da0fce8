package dev.precept.model.rehearsal;

import static dev.precept.model.rehearsal.Requests.SPECIFICATION;
import static dev.precept.model.rehearsal.Requests.generation;
import static dev.precept.model.rehearsal.Requests.judging;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.model.Reply.Answered;
import dev.precept.model.openai.Endpoint;
import dev.precept.model.openai.OpenAiChatModel;
import dev.precept.model.rehearsal.Mistakes.Mistake;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The rehearsal errs on a known few, always the same ones, and each in a way that shows further down the line. */
class MistakesTest {
    private static final String FOOD = "How do I start planting tomatoes?";

    @Test
    void theUsualSharesAreMetAndAtMostAnEighthFailsForGood() {
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
    void sharesThatCannotBeAreRefused() {
        assertThatThrownBy(() -> new Mistakes(0.5, 0.3, 0.3, 0, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Mistakes(-0.1, 0, 0, 0, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Faults.none().with(Faults.Kind.HTML, 1.5))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void reasoningCanBeMissing() throws Exception {
        Answered reply = ask(new Mistakes(1, 0, 0, 0, 0, 0), 1, 8192);
        assertThat(reply.reasoning()).isNull();
        assertThat(reply.content()).isNotEmpty();
    }

    @Test
    void theFilterCanStopIt() throws Exception {
        assertThat(ask(new Mistakes(0, 1, 0, 0, 0, 0), 1, 8192).finishReason()).isEqualTo("content_filter");
    }

    @Test
    void theAnswerCanBeEmpty() throws Exception {
        Answered reply = ask(new Mistakes(0, 0, 1, 0, 0, 0), 1, 8192);
        assertThat(reply.content()).isEmpty();
        assertThat(reply.reasoning()).isNotEmpty();
    }

    @Test
    void aWrongClauseCanBeCitedAndTheJudgeSeesIt() throws Exception {
        Mistakes always = new Mistakes(0, 0, 0, 1, 0, 0);
        for (long seed = 1; seed <= 4; seed++) {
            assertThat(score(always, ask(always, seed, 8192))).isEqualTo(2);
        }
    }

    @Test
    void aWrongClauseCanBeCitedUnderEvenSeedsOnly() throws Exception {
        Mistakes once = new Mistakes(0, 0, 0, 0, 1, 0);
        assertThat(score(once, ask(once, 2, 8192))).isEqualTo(2);
        assertThat(score(once, ask(once, 3, 8192))).isGreaterThanOrEqualTo(9);
    }

    @Test
    void itCanBeCutUntilTheLimitIsLarger() throws Exception {
        Mistakes cut = new Mistakes(0, 0, 0, 0, 0, 1);
        assertThat(ask(cut, 1, 8192).finishReason()).isEqualTo("length");
        assertThat(ask(cut, 1, 16384).finishReason()).isEqualTo("stop");
    }

    private static Map<Mistake, Long> count(long seed, long maxTokens) {
        return IntStream.range(0, 10_000)
                .mapToObj(i -> Mistakes.usual().on("request " + i, seed, maxTokens))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    private static Answered ask(Mistakes mistakes, long seed, int maxTokens) throws Exception {
        try (RehearsalServer server = RehearsalServer.start(0, Faults.none(), mistakes);
                OpenAiChatModel model = new OpenAiChatModel(new Endpoint(server.url(), null))) {
            return (Answered) model.complete(generation(SPECIFICATION, FOOD, seed, maxTokens));
        }
    }

    private static int score(Mistakes mistakes, Answered candidate) throws Exception {
        try (RehearsalServer server = RehearsalServer.start(0, Faults.none(), mistakes);
                OpenAiChatModel model = new OpenAiChatModel(new Endpoint(server.url(), null))) {
            String reasoning = String.valueOf(candidate.reasoning());
            Answered vote = (Answered) model.complete(judging(FOOD, reasoning, candidate.content(), null));
            return Requests.json(vote.content()).path("score").asInt();
        }
    }
}
