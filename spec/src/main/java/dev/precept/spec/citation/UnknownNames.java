package dev.precept.spec.citation;

import dev.precept.spec.citation.CitationReport.Form;
import dev.precept.text.SearchedText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds headings that no clause has: "the Medical Advice policy", "the Health/Diet section", or a heading in quotation marks
 * after "section". A single capital may be any company's, so it does not count.
 */
final class UnknownNames {
    private static final String WORD = "\\p{Lu}[\\p{L}\\p{N}’'-]{1,24}";
    private static final Pattern TITLED =
            Pattern.compile("\\b(?:[Tt]he|[Uu]nder|[Pp]er|[Oo]n)\\s(" + WORD + "(?:\\s?/\\s?" + WORD + "|\\s(?:and\\s)?"
                    + WORD + "){1,5})\\s(?:policy|policies|section|clause|principle)\\b");
    private static final Pattern MARKED = Pattern.compile("(?i)\\b(?:section|clause|principle|policy|rule)"
            + "(?:\\s(?:on|called|titled|named))?\\s[\"“«]((?-i:\\p{Lu})[^\"”»\\n.!?]{3,80})[\"”»]");
    private static final Set<String> BEFORE_TITLE = Set.of("the", "under", "per", "on");
    private static final Set<String> GENERAL = Set.of(
            "safety",
            "content",
            "usage",
            "community",
            "ai",
            "openai",
            "model",
            "terms",
            "service",
            "general",
            "company",
            "response",
            "user",
            "model's",
            "moderation",
            "core",
            "platform",
            "act",
            "code",
            "law",
            "school",
            "university");

    private final ClauseNames names;

    UnknownNames(ClauseNames names) {
        this.names = names;
    }

    /** @param known mentions of what exists */
    List<Mention> find(Passage passage, Conversation conversation, List<Mention> known, ClauseRuns runs) {
        List<Mention> mentions = new ArrayList<>();
        Matcher titled = TITLED.matcher(passage.text()).useTransparentBounds(true);
        int done = 0;
        for (int word = 0; word + 1 < passage.words().size(); word++) {
            int start = passage.words().get(word).start();
            if (start >= done
                    && BEFORE_TITLE.contains(passage.words().get(word).text())
                    && passage.isCapital(word + 1)
                    && titled.region(start, passage.text().length()).lookingAt()) {
                done = titled.end();
                if (isUnknown(titled, conversation, known, runs)) {
                    mentions.add(Mention.of(titled.start(1), titled.end(), Form.HEADING, List.of()));
                }
            }
        }
        if (QuoteMentions.hasMarks(passage.text())) {
            Matcher marked = MARKED.matcher(passage.text());
            while (marked.find()) {
                if (isUnknown(marked, conversation, known, runs)) {
                    mentions.add(Mention.of(marked.start(1), marked.end(1), Form.HEADING, List.of()));
                }
            }
        }
        return mentions;
    }

    /** Whether the name in the first group of a match is of no clause, and means one. */
    private boolean isUnknown(Matcher match, Conversation conversation, List<Mention> known, ClauseRuns runs) {
        int start = match.start(1);
        int end = match.end(1);
        String words = Passage.spaced(match.group(1));
        return known.stream().noneMatch(mention -> mention.start() < end && mention.end() > start)
                && !hasName(words)
                && !isGeneral(words)
                && !conversation.holds(words)
                && runs.holder(words).isEmpty();
    }

    /** A name of a category is no clause, and no false citation either. */
    private boolean hasName(String words) {
        Passage name = Passage.read(SearchedText.of(words));
        int word = 0;
        while (word < name.words().size()) {
            String text = name.words().get(word).text();
            var found = names.at(name, word);
            if (found.isEmpty() && !text.equals("and") && !text.equals("or")) {
                return false;
            }
            word = found.map(ClauseNames.Found::to).orElse(word + 1);
        }
        return true;
    }

    private static boolean isGeneral(String words) {
        for (String word : words.strip().toLowerCase(Locale.ROOT).split(" ")) {
            if (GENERAL.contains(word)) {
                return true;
            }
        }
        return false;
    }
}
