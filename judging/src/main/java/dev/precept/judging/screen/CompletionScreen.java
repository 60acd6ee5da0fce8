package dev.precept.judging.screen;

import dev.precept.judging.PromptTemplate;
import dev.precept.judging.TemplateTexts;
import dev.precept.records.CitationScreen;
import dev.precept.records.Leak;
import dev.precept.records.LeakScreen;
import dev.precept.records.Message;
import dev.precept.records.PersonalScreen;
import dev.precept.records.Prompt;
import dev.precept.records.Repair;
import dev.precept.records.RunParameters;
import dev.precept.records.ScreenFindings;
import dev.precept.spec.Excerpt;
import dev.precept.spec.Specification;
import dev.precept.spec.citation.CitationReport;
import dev.precept.text.SearchedText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds pieces of the request in a completion, what its reasoning cites, and personal data. What the conversation of the
 * prompt holds itself is the user's and does not count. Thread-safe.
 */
public final class CompletionScreen {
    /** The version of the detector. Another one may find other things in the same text, so it is stored with each finding. */
    public static final String DETECTOR = "screen/2";

    private static final String REASONING = "reasoning";
    private static final String ANSWER = "answer";

    private final TemplateSentences templates;
    private final SpecificationReference reference = new SpecificationReference();

    /** What is searched. */
    private record Texts(SearchedText conversation, SearchedText reasoning, SearchedText answer) {
        static Texts of(Prompt prompt, ScreenedCompletion completion) {
            String conversation = prompt.getMessages().stream()
                    .flatMap(Texts::of)
                    .filter(Objects::nonNull)
                    .collect(Collectors.joining("\n\n"));
            return new Texts(
                    SearchedText.of(conversation),
                    SearchedText.of(Objects.requireNonNullElse(completion.reasoning(), "")),
                    SearchedText.of(completion.answerAndCalls()));
        }

        private static Stream<@Nullable String> of(Message message) {
            return Stream.of(message.getContent(), message.getReasoningContent(), message.getToolCalls());
        }
    }

    /** @param template of the requests, built in or not: its words are searched for, and those of all built-in ones */
    public CompletionScreen(PromptTemplate template) {
        List<String> texts = new ArrayList<>(TemplateTexts.builtIn());
        texts.addAll(TemplateTexts.of(template));
        this.templates = new TemplateSentences(texts);
    }

    /** Inspects a completion that repairs no attempt. */
    public @Nullable ScreenFindings inspect(
            Prompt prompt, ScreenedCompletion completion, Specification specification, Excerpt excerpt, String nonce) {
        return inspect(prompt, completion, specification, excerpt, nonce, null);
    }

    /**
     * @param excerpt the part of the specification in the request
     * @param nonce of the request
     * @param repair in the request; null if the attempt is no repair
     * @return null if the prompt's run has every screen off: nothing is searched then
     */
    public @Nullable ScreenFindings inspect(
            Prompt prompt,
            ScreenedCompletion completion,
            Specification specification,
            Excerpt excerpt,
            String nonce,
            @Nullable Repair repair) {
        RunParameters parameters = prompt.getRunParameters();
        boolean leaks = parameters.getLeakScreen() != LeakScreen.OFF;
        boolean citations = parameters.getCitationScreen() != CitationScreen.OFF;
        boolean personal = parameters.getPersonalScreen() != PersonalScreen.OFF;
        if (!leaks && !citations && !personal) {
            return null;
        }
        Texts texts = Texts.of(prompt, completion);
        CitationReport report = citations
                ? reference
                        .citations(specification)
                        .read(texts.reasoning(), texts.conversation(), prompt.getCategories())
                : null;
        return ScreenFindings.newBuilder()
                .setDetector(DETECTOR)
                .setLeaks(leaks ? leaks(prompt, texts, specification, excerpt, nonce, repair) : null)
                .setUnknownClauses(report == null ? null : CitationRecords.unknownIds(report))
                .setCitations(report == null ? null : CitationRecords.of(report))
                .setPersonal(
                        personal ? PersonalFindings.of(texts.conversation(), texts.reasoning(), texts.answer()) : null)
                .setHardRefusal(completion.toolCalls() == null && HardRefusal.is(completion.answer()))
                .build();
    }

    private List<Leak> leaks(
            Prompt prompt,
            Texts texts,
            Specification specification,
            Excerpt excerpt,
            String nonce,
            @Nullable Repair repair) {
        List<Leak> leaks = new ArrayList<>();
        SearchedText conversation = texts.conversation();
        UserWords user = new UserWords(prompt.getMessages(), conversation);
        WordRuns runs = reference.runs(excerpt);
        String ofTheUser = conversation.lowerCase();
        RepairWords repairWords = repair == null ? null : new RepairWords(repair, ofTheUser, excerpt);
        for (String part : List.of(REASONING, ANSWER)) {
            boolean isAnswer = part.equals(ANSWER);
            SearchedText text = isAnswer ? texts.answer() : texts.reasoning();
            String visible = text.lowerCase();
            int least = isAnswer ? SpecificationReference.ANSWER_RUN : SpecificationReference.REASONING_RUN;
            add(leaks, LeakKind.NONCE, part, Markers.nonces(visible, nonce));
            add(leaks, LeakKind.DELIMITER, part, Markers.delimiters(visible, ofTheUser));
            add(leaks, LeakKind.TEMPLATE_TEXT, part, templates.count(text, conversation));
            add(leaks, LeakKind.CONTROL_TOKEN, part, Markers.controlTokens(visible, ofTheUser));
            add(leaks, LeakKind.REWRITTEN_TOKEN, part, Markers.rewrittenTokens(visible, ofTheUser));
            if (isAnswer) {
                add(leaks, LeakKind.CLAUSE_ID, part, clauseIds(text, conversation, specification));
            }
            add(leaks, LeakKind.EXCERPT_COPY, part, runs.count(text, least, conversation));
            add(leaks, LeakKind.PLACEHOLDER, part, Markers.placeholders(visible, ofTheUser));
            Map<LeakKind, Integer> phrases = HandedInText.count(visible, isAnswer, user);
            if (repairWords != null) {
                add(leaks, LeakKind.JUDGE_WORDS, part, repairWords.copied(text));
                phrases.merge(LeakKind.REVIEW, repairWords.mentions(visible, user), Math::max);
            }
            phrases.forEach((kind, count) -> add(leaks, kind, part, count));
        }
        return leaks;
    }

    private int clauseIds(SearchedText text, SearchedText conversation, Specification specification) {
        var mentions = reference.mentions(specification);
        var found = mentions.count(text);
        if (!found.isEmpty()) {
            mentions.count(conversation).keySet().forEach(found::remove);
        }
        return found.values().stream().mapToInt(Integer::intValue).sum();
    }

    private static void add(List<Leak> leaks, LeakKind kind, String part, int count) {
        if (count > 0) {
            leaks.add(new Leak(kind.label(), part, count));
        }
    }
}
