package dev.precept.spec.citation;

import dev.precept.spec.citation.CitationReport.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds quotes of clauses: runs of at least {@value #WORDS} words of a clause, and text in quotation marks that is ascribed
 * to the policies. Ascribed text that no clause holds is a false quote.
 */
final class QuoteMentions {
    /**
     * Words of a run that is a quote. Reasonings that were written without a specification share up to 10 consecutive words
     * with one.
     */
    static final int WORDS = 12;
    /** Words in quotation marks that are a quote. */
    private static final int MARKED_WORDS = 4;

    private static final int MOST_MARKED = 32;
    /** The verb must stand directly before the marks: "says to answer with, like" is followed by a draft. */
    private static final Pattern MARKED =
            Pattern.compile("(?iu)(?=[psrcg\\[])(?:\\b(?:polic(?:y|ies)|sections?|clauses?|rules?|principles?"
                    + "|specification|guidelines?)(?:\\s\\d{1,3}(?:\\.\\d{1,3}){0,4})?|\\[[\\w-]{1,60}\\])[^\\n.!?\"“«]{0,60}?"
                    + "\\b(?:says?|states?|reads?|puts\\sit|said|stated|worded|wording|quote)(?:\\s(?:that|clearly|explicitly|as|is|this\\sway))?"
                    + "\\s?[:,]?\\s?[\"“«]([^\"”»\\n]{8,600})[\"”»]");

    private static final Pattern ELLIPSIS = Pattern.compile("…|\\.\\.\\.|\\[…\\]|\\[\\.\\.\\.\\]");

    private final ClauseRuns runs;

    QuoteMentions(ClauseRuns runs) {
        this.runs = runs;
    }

    List<Mention> find(Passage passage, long[] hashes, Conversation conversation) {
        List<Mention> mentions = marked(passage, conversation);
        int matching = 0;
        for (int at = 0; at <= hashes.length; at++) {
            boolean known = at < hashes.length && runs.isQuotable(hashes[at]);
            if (!known) {
                addRun(passage, at - matching, matching, hashes, conversation, mentions);
            }
            matching = known ? matching + 1 : 0;
        }
        return mentions;
    }

    private void addRun(
            Passage passage, int from, int matching, long[] hashes, Conversation conversation, List<Mention> mentions) {
        if (matching < WORDS - ClauseRuns.LENGTH + 1) {
            return;
        }
        int start = passage.words().get(from).start();
        int end = passage.words().get(from + matching + ClauseRuns.LENGTH - 2).end();
        boolean counted = mentions.stream().anyMatch(marked -> marked.start() < end && marked.end() > start);
        if (!counted && !conversation.holds(Passage.spaced(passage.text().substring(start, end)))) {
            mentions.add(Mention.of(start, end, Form.QUOTE, List.of(runs.owner(hashes[from]))));
        }
    }

    /** Whether a text has a quotation mark that opens a quote. */
    static boolean hasMarks(String text) {
        return text.indexOf('"') >= 0 || text.indexOf('“') >= 0 || text.indexOf('«') >= 0;
    }

    private List<Mention> marked(Passage passage, Conversation conversation) {
        List<Mention> mentions = new ArrayList<>();
        if (!hasMarks(passage.text())) {
            return mentions;
        }
        Matcher marked = MARKED.matcher(passage.text());
        while (marked.find() && mentions.size() < MOST_MARKED) {
            List<String> pieces = ELLIPSIS.splitAsStream(marked.group(1))
                    .map(Passage::spaced)
                    .filter(piece -> !piece.isBlank())
                    .toList();
            boolean shortOne = Passage.wordsOf(marked.group(1)).size() < MARKED_WORDS;
            if (shortOne || pieces.stream().allMatch(conversation::holds)) {
                continue;
            }
            Optional<String> clause = runs.holder(pieces.getFirst());
            boolean held = pieces.stream().allMatch(piece -> runs.holder(piece).isPresent());
            mentions.add(Mention.of(
                    marked.start(1),
                    marked.end(1),
                    Form.QUOTE,
                    held && clause.isPresent() ? List.of(clause.get()) : List.of()));
        }
        return mentions;
    }
}
