package dev.precept.model.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.precept.model.TokenUsage;
import dev.precept.model.pricing.Price;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same call, counted as each kind of server counts it: the parts are within the whole, and the price is the same. */
class UsageReaderTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> NAMES = List.of(
            "/prompt_tokens",
            "/completion_tokens",
            "/total_tokens",
            "/input_tokens",
            "/output_tokens",
            "/prompt_cache_hit_tokens",
            "/cache_read_input_tokens",
            "/cache_creation_input_tokens",
            "/prompt_tokens_details/cached_tokens",
            "/input_tokens_details/cached_tokens",
            "/completion_tokens_details/reasoning_tokens",
            "/output_tokens_details/reasoning_tokens");
    private static final TokenUsage CALL = new TokenUsage(100, 64, 20, 5, true);

    @ParameterizedTest
    @ValueSource(
            strings = {
                // OpenAI, vLLM, SGLang
                """
                {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120,
                 "prompt_tokens_details": {"cached_tokens": 64}, "completion_tokens_details": {"reasoning_tokens": 5}}""",
                // DeepSeek
                """
                {"prompt_tokens": 100, "prompt_cache_hit_tokens": 64, "prompt_cache_miss_tokens": 36,
                 "completion_tokens": 20, "total_tokens": 120, "completion_tokens_details": {"reasoning_tokens": 5}}""",
                // Anthropic: input_tokens are those beside the cache
                """
                {"input_tokens": 10, "cache_read_input_tokens": 64, "cache_creation_input_tokens": 26,
                 "output_tokens": 20, "output_tokens_details": {"reasoning_tokens": 5}}""",
                // a gateway that says it twice
                """
                {"prompt_tokens": 100, "completion_tokens": 20, "prompt_tokens_details": {"cached_tokens": 64},
                 "cache_read_input_tokens": 64, "cache_creation_input_tokens": 26,
                 "completion_tokens_details": {"reasoning_tokens": 5}}""",
                // a gateway that renames the counts of Anthropic
                """
                {"prompt_tokens": 10, "completion_tokens": 20, "cache_read_input_tokens": 64,
                 "cache_creation_input_tokens": 26, "completion_tokens_details": {"reasoning_tokens": 5}}""",
                // the Responses API
                """
                {"input_tokens": 100, "input_tokens_details": {"cached_tokens": 64}, "output_tokens": 20,
                 "output_tokens_details": {"reasoning_tokens": 5}, "total_tokens": 120}""",
                // xAI: reasoning beside the completion
                """
                {"prompt_tokens": 100, "completion_tokens": 15, "total_tokens": 120,
                 "prompt_tokens_details": {"cached_tokens": 64}, "completion_tokens_details": {"reasoning_tokens": 5}}""",
                // Gemini: reasoning in the total alone
                """
                {"prompt_tokens": 100, "completion_tokens": 15, "total_tokens": 120,
                 "prompt_tokens_details": {"cached_tokens": 64}}""",
                // the names of OpenAI are there, with nothing
                """
                {"prompt_tokens": null, "completion_tokens": null, "input_tokens": 10, "cache_read_input_tokens": 64,
                 "cache_creation_input_tokens": 26, "output_tokens": 20, "output_tokens_details": {"reasoning_tokens": 5}}""",
                // floats
                """
                {"prompt_tokens": 100.0, "completion_tokens": 2e1, "prompt_tokens_details": {"cached_tokens": 64.0},
                 "completion_tokens_details": {"reasoning_tokens": 5.0}}"""
            })
    void everyFormGivesTheSameCounts(String usage) throws Exception {
        assertThat(UsageReader.read(JSON.readTree(usage))).isEqualTo(CALL);
    }

    /** Fewer cached tokens than others: only the names of the counts tell that they are beside them. */
    @Test
    void theInputOfAnthropicIsAddedUpWhateverItsParts() throws Exception {
        assertThat(UsageReader.read(JSON.readTree("{\"input_tokens\": 80, \"cache_read_input_tokens\": 15,"
                        + " \"cache_creation_input_tokens\": 5, \"output_tokens\": 20}")))
                .isEqualTo(new TokenUsage(100, 15, 20, 0, true));
    }

    /** More input beside the cache than in it: the total tells that the cached tokens are not among the others. */
    @Test
    void cachedTokensBesideThePromptAreAddedWhereTheTotalHasThem() throws Exception {
        assertThat(UsageReader.read(JSON.readTree("{\"prompt_tokens\": 80, \"cache_read_input_tokens\": 15,"
                        + " \"cache_creation_input_tokens\": 5, \"completion_tokens\": 20, \"total_tokens\": 120}")))
                .isEqualTo(new TokenUsage(100, 15, 20, 0, true));
    }

    /** Estimated later: a trillion tokens would end every budget, and 0 tokens none. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"prompt_tokens\": 100, \"completion_tokens\": -20}",
                "{\"prompt_tokens\": 100, \"completion_tokens\": 9000000000000000000}",
                "{\"prompt_tokens\": 100, \"completion_tokens\": \"20\", \"total_tokens\": 120}",
                "{\"prompt_tokens\": 9000000000000000000, \"completion_tokens\": 20}",
                "{\"prompt_tokens\": 1700000000, \"completion_tokens\": 20}",
                "{\"prompt_tokens\": -9223372036854775808, \"completion_tokens\": 20, \"total_tokens\": 1000}",
                "{\"input_tokens\": 100, \"output_tokens\": null}"
            })
    void aCallWithoutBothCountsIsUnknown(String usage) throws Exception {
        TokenUsage read = UsageReader.read(JSON.readTree(usage));
        assertThat(read.isKnown()).isFalse();
        assertThat(read.total()).isBetween(0L, 100L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"prompt_tokens\": null, \"completion_tokens\": \"20\"}",
                "{\"prompt_tokens\": -4, \"completion_tokens\": 3.5e40}",
                "{\"prompt_tokens_details\": {\"cached_tokens\": null}, \"completion_tokens_details\": null}"
            })
    void whatIsNoCountIsNone(String usage) throws Exception {
        TokenUsage read = UsageReader.read(JSON.readTree(usage));
        assertThat(read.isKnown()).isFalse();
        assertThat(read.total()).isZero();
    }

    @Test
    void moreReasoningThanCompletionAndMoreCachedThanPromptStayWithinTheWhole() throws Exception {
        assertThat(UsageReader.read(JSON.readTree("{\"prompt_tokens\": 9223372036854775807, \"completion_tokens\": 1,"
                        + " \"completion_tokens_details\": {\"reasoning_tokens\": 9223372036854775807},"
                        + " \"cache_read_input_tokens\": 9223372036854775807}")))
                .satisfies(usage -> assertThat(usage.total()).isPositive());
    }

    /** Whatever a gateway mixes: parts are within the whole, and no call has a negative price. */
    @Test
    void everyMixtureOfFormsIsAUsage() {
        long seed = Long.getLong("seed", new SplittableRandom().nextLong());
        System.out.println("usage reader, seed " + seed);
        RandomGenerator random = new SplittableRandom(seed);
        Price price = new Price(10, 1, 40, 80);
        for (int i = 0; i < 5_000; i++) {
            ObjectNode usage = JSON.createObjectNode();
            for (String name : NAMES) {
                if (random.nextInt(3) > 0) {
                    usage.withObject(JsonPointer.valueOf(name.substring(0, name.lastIndexOf('/'))))
                            .set(name.substring(name.lastIndexOf('/') + 1), count(random));
                }
            }
            TokenUsage read = UsageReader.read(usage);
            assertThat(price.cost(read)).as(usage.toString()).isNotNegative();
            assertThat(read.isKnown() ? read.prompt() : 1).as(usage.toString()).isPositive();
        }
    }

    private static JsonNode count(RandomGenerator random) {
        return switch (random.nextInt(8)) {
            case 0 -> NullNode.instance;
            case 1 -> TextNode.valueOf("12");
            case 2 -> LongNode.valueOf(-random.nextLong(1_000));
            case 3 -> LongNode.valueOf(random.nextLong());
            case 4 -> DoubleNode.valueOf(random.nextDouble() * 100);
            default -> LongNode.valueOf(random.nextLong(1_000));
        };
    }

    @Test
    void cachedAndReasoningTokensHaveTheirPrices() {
        assertThat(new Price(10, 1, 40, 80).cost(CALL) * 1e6).isEqualTo(36 * 10 + 64 + 15 * 40 + 5 * 80);
        assertThat(new Price(10, 40).cost(CALL) * 1e6)
                .as("without them the whole has one price")
                .isEqualTo(100 * 10 + 20 * 40);
        assertThat(new Price(10, 1, 40, 80).highestCost(100, 20) * 1e6)
                .as("before the call")
                .isEqualTo(100 * 10 + 20 * 80);
    }
}
