package dev.precept.spec.citation;

import dev.precept.spec.citation.CitationReport.Form;
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
    List<Mention> find(Passage passage, String conversation, List<Mention> known, ClauseRuns runs) {
        List<Mention> mentions = new ArrayList<>();
        for (Pattern pattern : List.of(TITLED, MARKED)) {
            Matcher matcher = pattern.matcher(passage.text());
            while (matcher.find()) {
                int start = matcher.start(1);
                int end = matcher.end(1);
                String words = Passage.spaced(matcher.group(1));
                boolean overlaps = known.stream().anyMatch(mention -> mention.start() < end && mention.end() > start);
                if (!overlaps
                        && !hasName(words)
                        && !isGeneral(words)
                        && !conversation.contains(words)
                        && runs.holder(words).isEmpty()) {
                    mentions.add(Mention.of(start, pattern == MARKED ? end : matcher.end(), Form.HEADING, List.of()));
                }
            }
        }
        return mentions;
    }

    /** A name of a category is no clause, and no false citation either. */
    private boolean hasName(String words) {
        Passage name = Passage.read(words);
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
