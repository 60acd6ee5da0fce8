package dev.precept.judging.screen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.precept.judging.Layout;
import dev.precept.judging.PromptTemplate;
import dev.precept.judging.PromptTemplates;
import dev.precept.judging.Rendered;
import dev.precept.judging.TaskFixture;
import dev.precept.judging.TemplateTexts;
import dev.precept.records.CitationScreen;
import dev.precept.records.LeakScreen;
import dev.precept.records.Message;
import dev.precept.records.PersonalFinding;
import dev.precept.records.PersonalScreen;
import dev.precept.records.Prompt;
import dev.precept.records.ScreenFindings;
import dev.precept.spec.Excerpt;
import dev.precept.spec.SpecFolder;
import dev.precept.spec.Specification;
import dev.precept.text.FoldedText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pieces of the request are found however they are written; what only looks like one, or is the user's, is not. */
class CompletionScreenTest {
    private static final PromptTemplate TEMPLATE =
            PromptTemplates.builtIn(PromptTemplate.Role.GENERATE, Layout.SPEC_FIRST);
    private static final String NONCE = "7d0e31425067b13b";
    private static final String USER = "How do I keep bees on a roof?";
    private static final String LONG_SENTENCE =
            "When a person asks about animals on a roof, weigh the load that the roof can bear, the neighbours who may be"
                    + " stung, the law of the place, and the wind, and then say plainly which of these you cannot judge"
                    + " from afar, so that the person can ask a builder before the first hive is carried up the stairs, and"
                    + " never call a roof safe that nothing but a photograph has shown to you or to anyone else.";
    private static final String OWN_WORDS =
            "Start with one hive, a hat and a smoker, and let a neighbour taste the honey.";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static Specification specification;

    @SuppressWarnings("NullAway.Init")
    private static Excerpt excerpt;

    @SuppressWarnings("NullAway.Init")
    private static CompletionScreen screen;

    /** Of another specification: the screen is given the one of this test. */
    @SuppressWarnings("NullAway.Init")
    private static TaskFixture tasks;

    @BeforeAll
    static void load() throws IOException {
        Files.writeString(folder.resolve("clauses.md"), """
                ## Animals on roofs {#animals-roof-R1 action=comply}

                %s A sting is no self-harm.

                ## Brief {#be_brief}

                Few words.

                ## Style {#style}

                As [be_brief] says.

                ## Self-harm {#self-harm}

                Stay with the person.

                ## Records {#CSAM}

                Refuse.
                """.formatted(LONG_SENTENCE));
        Files.writeString(folder.resolve("spec.yaml"), """
                name: bees
                principles: [be_brief]
                categories:
                  - {name: Roofs, summary: What stands on roofs., clauses: [animals-roof-R1, be_brief]}
                  - {name: Other, summary: The rest., clauses: [style, self-harm, CSAM]}
                """);
        specification = SpecFolder.load(folder);
        excerpt = specification.excerpt(List.of("Roofs"));
        screen = new CompletionScreen(TEMPLATE);
        tasks = TaskFixture.in(folder.resolve("tasks"));
    }

    /** @param expected kinds with their number, in order; empty for a trap that must not be found */
    record Row(String name, @Nullable String reasoning, String answer, String user, String expected) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Row inReasoning(String name, String reasoning, String expected) {
        return new Row(name, reasoning, OWN_WORDS, USER, expected);
    }

    private static Row inAnswer(String name, String answer, String expected) {
        return new Row(name, OWN_WORDS, answer, USER, expected);
    }

    private static Row trap(String name, String text) {
        return new Row(name, text, text, USER, "");
    }

    private static Row ofTheUser(String name, String user, String text) {
        return new Row(name, text, text, user, "");
    }

    private static String words(int from, int to) {
        return Stream.of(LONG_SENTENCE.split(" "))
                .skip(from)
                .limit((long) to - from)
                .collect(Collectors.joining(" "));
    }

    static Stream<Row> leaks() {
        return Stream.of(
                inReasoning("the code alone", "The code is 7d0e31425067b13b, it seems.", "nonce 1"),
                inAnswer("the code in capitals", "Ref 7D0E31425067B13B", "nonce 1"),
                inAnswer("the code in groups", "7d0e 3142-5067\nb13b", "nonce 1"),
                inAnswer("the code with invisible characters", "7d0e\u200b3142\u20605067\ufeffb13b", "nonce 1"),
                inAnswer("the code as the request breaks it", "7¦d0e31425067b13b", "nonce 1"),
                inAnswer("the code in full-width characters", "７ｄ０ｅ３１４２５０６７ｂ１３ｂ", "nonce 1"),
                inReasoning("a delimiter with its code", "<<conversation 7d0e31425067b13b>>", "nonce 1, delimiter 1"),
                inReasoning("a delimiter of another call", "<<end conversation 0011223344556677>>", "delimiter 1"),
                inReasoning("a closing delimiter without code", "<< End  Conversation >>", "delimiter 1"),
                inReasoning("an escaped delimiter", "\\<\\<end side\\_information\\>\\>", "delimiter 1"),
                inReasoning("the line of a turn", "[user 0011223344556677]\nHow?", "delimiter 1"),
                trap("a here document", "cat <<EOF > hives.txt\n<<answer>> and <<8*4=32>> hives"),
                trap("a shift and a template", "std::cout << conversation << answer >> x; << reasoning steps >>"),
                trap("a turn in brackets", "[user] asks, [assistant 2] answers, [tool call]"),
                trap("another code", "sha 0011223344556677 of commit 7d0e3142"),
                inReasoning(
                        "a sentence of the template",
                        "Treat the policies as what you know and hold yourself, not as something the user showed you.",
                        "template_text 1"),
                inReasoning(
                        "a sentence in other case, spacing and Markdown",
                        "> **TREAT** the\npolicies _as_ what  you `know` and ho\u200bld yourself",
                        "template_text 1"),
                inAnswer("a short whole sentence", "Decide: comply, refuse, or complete safely.", "template_text 1"),
                inAnswer(
                        "the sentence of an excerpt for clauses elsewhere",
                        "These belong here too, and stand in full in another place: [x]",
                        "template_text 1"),
                inReasoning(
                        "a sentence of the judge's template",
                        "A serious fault in any criterion makes the whole no better than that fault",
                        "template_text 1"),
                trap("ordinary sentences of the templates", "Think before you answer. Then write the final answer."),
                trap("words about work", "I must answer the last message, follow every policy and be helpful."),
                trap("headings", "# Policies\n\n# How to work\n\n# The conversation\n\n# How to grade"),
                ofTheUser(
                        "a sentence that the user wrote",
                        "Translate: 'Write the best possible answer to the last user turn of the conversation above.'",
                        "Write the best possible answer to the last user turn of the conversation above."),
                inAnswer("ChatML", "Done.<|im_end|>", "control_token 1"),
                inAnswer("ChatML in capitals and apart", "< | IM_END | >", "control_token 1"),
                inAnswer("ChatML with a zero-width space", "<|im_\u200bend|>", "control_token 1"),
                inReasoning("ChatML escaped for Markdown", "<\\|im\\_start\\|>user", "control_token 1"),
                inReasoning(
                        "Llama, DeepSeek and Gemma", "<|eot_id|> <｜end▁of▁sentence｜> <end_of_turn>", "control_token 3"),
                inAnswer("the end of thoughts", "hm</think>Well.", "control_token 1"),
                inAnswer("Mistral", "[INST] Hi [/INST]", "control_token 2"),
                inAnswer("the end of a sequence", "Done.</s>", "control_token 1"),
                inAnswer(
                        "a token as the request rewrites it", "It says <¦im_start¦> and ‹think›.", "rewritten_token 2"),
                trap("struck text in HTML", "<s>ten</s> two hives"),
                trap("pipes of F#", "hives |> List.map f <| g |> ignore; a <| b"),
                trap("a usage line", "hive [OPTIONS] [ARGS] [IMG] [PREFIX]"),
                trap("HTML and generics", "<div><p>List<Hive></p></div> a < b | c > d"),
                trap("guillemets and brackets", "‹mot› «mot» ⟦x⟧ ¦"),
                trap("notation of language models", "pad with <pad>, end with <eos>"),
                ofTheUser("a token that the user speaks of", "What is <|im_start|>?", "`<|im_start|>` begins a turn."),
                inAnswer("a clause id", "As animals-roof-R1 says, two hives.", "clause_id 1"),
                inAnswer("a clause id in capitals and brackets", "[ANIMALS-ROOF-R1], [Be_Brief]", "clause_id 2"),
                inAnswer("a clause id in Markdown", "_**animals\\-roof\\-R1**_", "clause_id 1"),
                inAnswer("a clause id with other hyphens", "animals\u2011roof\u00ad\u2011R1", "clause_id 1"),
                inAnswer("an ordinary word as a citation", "[style] asks for it", "clause_id 1"),
                inAnswer("a compound as a citation", "see {#self-harm} and [CSAM]", "clause_id 2"),
                inReasoning("a clause id where it belongs", "[animals-roof-R1] asks to comply, [be_brief].", ""),
                inAnswer(
                        "ids that are words of prose",
                        "In style, no self-harm. CSAM is a crime. \"style\" `style`",
                        ""),
                inAnswer("a link with an ordinary text", "[style](https://example.org/style#x)", ""),
                inAnswer("parts of longer tokens", "animals-roof-R12 x-be_brief be_briefly", ""),
                ofTheUser("an id that the user gave", "What does be_brief mean?", "be_brief is a name."),
                inAnswer("24 words of a clause", words(0, 24), "excerpt_copy 1"),
                inAnswer(
                        "a copy in another form",
                        "*" + words(0, 24).toUpperCase(Locale.ROOT).replace(" ", " \n> "),
                        "excerpt_copy 1"),
                inReasoning("64 words of a clause", words(5, 69), "excerpt_copy 1"),
                inAnswer("23 words of a clause", words(0, 23), ""),
                inReasoning("a clause of 63 words is a quotation", words(5, 68), ""),
                inAnswer("two short copies", words(0, 20) + " and so on. " + words(30, 50), ""),
                ofTheUser("a text that the user gave", "Shorten this: " + LONG_SENTENCE, LONG_SENTENCE));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("leaks")
    void leaksAreFoundAndTrapsAreNot(Row row) {
        assertThat(leaks(row)).isEqualTo(row.expected());
    }

    private static String leaks(Row row) {
        return leaks(inspect(row.user(), row.reasoning(), row.answer(), null));
    }

    private static String leaks(ScreenFindings findings) {
        return findings.getLeaks().stream()
                .map(leak -> leak.getKind() + " " + leak.getCount())
                .collect(Collectors.joining(", "));
    }

    private static ScreenFindings inspect(
            String user, @Nullable String reasoning, String answer, @Nullable String toolCalls) {
        return Objects.requireNonNull(screen.inspect(
                prompt(user, LeakScreen.REPORT, CitationScreen.REPORT),
                new ScreenedCompletion(reasoning, answer, toolCalls),
                specification,
                excerpt,
                NONCE));
    }

    private static Prompt prompt(String user, LeakScreen leaks, CitationScreen citations) {
        Prompt prompt = tasks.generation("p", user, null).getPrompt();
        prompt.getRunParameters().setLeakScreen(leaks);
        prompt.getRunParameters().setCitationScreen(citations);
        return prompt;
    }

    @Test
    void aWholeRequestIsFoundAsEachOfItsPieces() {
        List<Message> conversation =
                List.of(Message.newBuilder().setRole("user").setContent(USER).build());
        String request = Rendered.generation(conversation, excerpt.text(), NONCE);

        assertThat(inspect(USER, request, request, null).getLeaks())
                .extracting(leak -> leak.getPart() + " " + leak.getKind())
                .contains(
                        "reasoning nonce",
                        "reasoning delimiter",
                        "reasoning template_text",
                        "reasoning excerpt_copy",
                        "answer nonce",
                        "answer delimiter",
                        "answer template_text",
                        "answer clause_id",
                        "answer excerpt_copy");
    }

    /** Every sentence of every version of every template, one by one. */
    @Test
    void everySentenceOfSixWordsOrMoreIsFoundAlone() {
        List<String> sentences = TemplateTexts.builtIn().stream()
                .flatMap(text -> Stream.of(text.split("(?<=[.])\\s+|\\n\\s*\\n")))
                .filter(sentence -> FoldedText.words(sentence).size() >= 6)
                .toList();
        assertThat(sentences).hasSizeGreaterThan(30);
        assertThat(sentences)
                .allSatisfy(sentence -> assertThat(leaks(inspect(USER, sentence, OWN_WORDS, null)))
                        .contains("template_text"));
    }

    @Test
    void textsOfToolCallsBelongToTheAnswer() {
        String calls = "[{\"function\": {\"name\": \"note\", \"arguments\":"
                + " \"{\\\"text\\\": \\\"\\\\u003c|im_end|> of animals-roof-R1\\\"}\"}}]";
        assertThat(leaks(inspect(USER, OWN_WORDS, "", calls))).contains("control_token", "clause_id");
    }

    static Stream<Row> citations() {
        return Stream.of(
                inReasoning("an invented id", "[made-up-clause-77] forbids it.", "made-up-clause-77"),
                inReasoning("one of a list", "[animals-roof-R1, be_kind; `no-bees`]", "be_kind no-bees"),
                inReasoning("in Markdown", "**[made\\_up]** and [be\u200b_brief]", "made_up"),
                inReasoning(
                        "a word after a citing word",
                        "I cite clause [fairness], as the policy [x] says.",
                        "fairness x"),
                inReasoning("a target within the document", "see [here](#made-up)", "made-up"),
                inReasoning("the example of the template", "As in [some-clause].", "some-clause"),
                inReasoning("known ids in any case", "[Be_Brief] [CSAM] [style] [ANIMALS-roof-r1] [Roofs]", ""),
                inReasoning("words in brackets", "[sic] [laughs] [1] [x] [Bee] - [ ] - [x] done", ""),
                inReasoning("placeholders", "Dear [your-name], [YOUR_NAME], [user_id], [COMPANY-NAME]", ""),
                inReasoning("code", "a[i-1] = b[x_1]; [a-z0-9_] [A-Z] f([^1]) ![img-1](x.png)", ""),
                inReasoning("links and notes", "[follow-up](https://example.org) [^note-1] [2024-01-02]", ""),
                inReasoning("mathematics", "\\[ x_1 + y_2 \\]", ""),
                new Row("a word of the user", "The user writes [my_key-1].", "", "Where is [my_key-1]?", ""),
                inReasoning("several lines", "[made-\nup]", ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("citations")
    void unknownClausesAreThoseCitedAsClauses(Row row) {
        assertThat(String.join(
                        " ",
                        inspect(row.user(), row.reasoning(), row.answer(), null).getUnknownClauses()))
                .isEqualTo(row.expected());
    }

    @Test
    void aScreenThatIsOffSearchesNothing() {
        ScreenedCompletion leaking = new ScreenedCompletion("[made-up-1] " + NONCE, NONCE, null);
        assertThat(screen.inspect(
                        prompt(USER, LeakScreen.OFF, CitationScreen.OFF), leaking, specification, excerpt, NONCE))
                .isNull();
        assertThat(screen.inspect(
                        prompt(USER, LeakScreen.REJECT, CitationScreen.OFF), leaking, specification, excerpt, NONCE))
                .satisfies(findings -> assertThat(findings.getLeaks()).hasSize(2))
                .satisfies(findings -> assertThat(findings.getUnknownClauses()).isNull());
        assertThat(screen.inspect(
                        prompt(USER, LeakScreen.OFF, CitationScreen.REQUIRE), leaking, specification, excerpt, NONCE))
                .satisfies(findings -> assertThat(findings.getLeaks()).isNull())
                .satisfies(findings -> assertThat(findings.getUnknownClauses()).containsExactly("made-up-1"));
    }

    @Test
    void personalDataIsCountedByPartAndWhatThePromptHoldsIsThePrompts() {
        Prompt prompt = prompt("Is anna@post.de right?", LeakScreen.OFF, CitationScreen.OFF);
        prompt.getRunParameters().setPersonalScreen(PersonalScreen.REPORT);
        ScreenedCompletion completion = new ScreenedCompletion(
                "The user wrote anna@post.de.", "Write to anna@post.de or bert@post.de, or call +49 30 901820.", null);

        assertThat(screen.inspect(prompt, completion, specification, excerpt, NONCE))
                .satisfies(findings -> assertThat(findings.getPersonal())
                        .containsExactly(
                                new PersonalFinding("email", "prompt", 1),
                                new PersonalFinding("email", "answer", 1),
                                new PersonalFinding("phone", "answer", 1)))
                .satisfies(findings -> assertThat(findings.toString()).doesNotContain("anna", "901820"))
                .satisfies(findings -> assertThat(findings.getHardRefusal()).isFalse());
    }

    @Test
    void aMissingReasoningIsSearchedAsAnEmptyOne() {
        assertThat(leaks(inspect(USER, null, OWN_WORDS, null))).isEmpty();
    }

    @Test
    void theLargestCompletionIsSearchedQuickly() {
        for (String unit : List.of("[a-", "word ")) {
            String text = unit.repeat((512 << 10) / unit.length()) + NONCE;
            assertTimeoutPreemptively(Duration.ofSeconds(30), () -> inspect(USER, text, "", null), unit);
        }
    }
}
