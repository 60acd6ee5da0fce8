package dev.precept.judging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.judging.PromptTemplate.Role;
import dev.precept.model.ChatRequest;
import dev.precept.model.Sampling;
import dev.precept.model.openai.RequestEncoding;
import dev.precept.model.openai.RequestEncoding.ResponseFormat;
import dev.precept.model.openai.RequestEncoding.TokenLimitField;
import dev.precept.records.Message;
import dev.precept.spec.SpecFolder;
import dev.precept.spec.Specification;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A server skips what it has read before only at the beginning of a request. Requests with one excerpt begin with it, byte for
 * byte, and no foreign byte stands in what they share; the votes on one candidate are equal to their end.
 */
class SharedPrefixTest {
    private static final String FOREIGN = "foreign";
    private static final RequestEncoding NO_SYSTEM =
            new RequestEncoding(TokenLimitField.MAX_TOKENS, ResponseFormat.JSON_SCHEMA, false, Set.of(), true);

    private static final Specification SPECIFICATION =
            SpecFolder.load(Path.of(System.getProperty("precept.root", ".."), "starter", "spec"));

    record Case(Role role, Layout layout, RequestEncoding encoding) {}

    static Stream<Case> cases() {
        return Stream.of(Role.values())
                .flatMap(role -> Stream.of(
                        new Case(role, Layout.SPEC_FIRST, RequestEncoding.STANDARD),
                        new Case(role, Layout.SPEC_FIRST, NO_SYSTEM),
                        new Case(role, Layout.SPEC_FIRST_USER, RequestEncoding.STANDARD)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void requestsWithOneExcerptBeginAlikeAndTheSharedBeginningHoldsNothingForeign(Case given) {
        String excerpt = excerpt(SPECIFICATION.categories().getFirst());
        byte[] one = body(given, excerpt, FOREIGN + " one", "0123456789abcdef", 1, null);
        byte[] two = body(given, excerpt, "two: " + FOREIGN, "fedcba9876543210", 2, "Refuse.");
        int shared = Arrays.mismatch(one, two);

        assertThat(shared).isGreaterThanOrEqualTo((int) (excerpt.getBytes(UTF_8).length * 0.95));
        assertThat(new String(one, 0, shared, UTF_8))
                .as("the constant text of the template, and the whole excerpt")
                .contains(quoted(excerpt))
                .doesNotContain(FOREIGN)
                .doesNotContain("01234567");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theVotesOnACandidateDifferOnlyAfterTheirMessages(Case given) {
        String excerpt = excerpt(SPECIFICATION.categories().getFirst());
        byte[] first = body(given, excerpt, FOREIGN, "0123456789abcdef", 1, "Refuse.");
        byte[] second = body(given, excerpt, FOREIGN, "0123456789abcdef", 2, "Refuse.");
        String shared = new String(first, 0, Arrays.mismatch(first, second), UTF_8);
        assertThat(shared).contains("],\"model\":");
    }

    /** Of two excerpts the lines of all categories and the principles come first, in the order of the specification. */
    @ParameterizedTest
    @MethodSource("cases")
    void requestsWithTwoExcerptsShareWhatTheExcerptsShare(Case given) {
        String one = excerpt(SPECIFICATION.categories().getFirst());
        String two = excerpt(SPECIFICATION.categories().getLast());
        int shared = Arrays.mismatch(
                body(given, one, FOREIGN, "0123456789abcdef", 1, null),
                body(given, two, FOREIGN, "0123456789abcdef", 1, null));
        assertThat(shared).isGreaterThan(Arrays.mismatch(one.getBytes(UTF_8), two.getBytes(UTF_8)));
    }

    private static String excerpt(String category) {
        return SPECIFICATION.excerpt(List.of(category)).text();
    }

    private static String quoted(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    private static byte[] body(
            Case given, String excerpt, String foreign, String nonce, long seed, @Nullable String sideInfo) {
        List<Message> conversation =
                List.of(Message.newBuilder().setRole("user").setContent(foreign).build());
        return given.encoding()
                .body(new ChatRequest(
                        "m",
                        new RolePrompt(given.layout(), null)
                                .render(
                                        given.role(),
                                        Rendered.input(conversation, foreign, foreign, sideInfo, excerpt, nonce)),
                        null,
                        new Sampling(0.6, null, null, 512),
                        null,
                        seed,
                        Duration.ofSeconds(1)))
                .getBytes(UTF_8);
    }
}
