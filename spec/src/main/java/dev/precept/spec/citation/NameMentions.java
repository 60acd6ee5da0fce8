package dev.precept.spec.citation;

import dev.precept.spec.citation.CitationReport.Form;
import dev.precept.spec.citation.ClauseNames.Found;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds headings that a text cites: a name, or a run of names ("Harassment/Hate", "violence and criminal behavior"), beside a
 * word such as "policy", or a long heading with its capitals. A run with a part that no clause has is a false citation.
 */
final class NameMentions {
    private static final String OPENING = "\"“«「《'‘([*:,";
    private static final String CLOSING = "\"”»」》'’)]*";
    private static final int LINKS = 5;
    /** Words of a heading that is a citation by its capitals alone. */
    private static final int LONG_NAME = 4;

    private static final Set<String> OWNERS =
            Set.of("their", "your", "his", "her", "its", "my", "a", "an", "s", "ein", "eine", "su", "tu");

    private final ClauseNames names;

    NameMentions(ClauseNames names) {
        this.names = names;
    }

    /** Names with nothing but {@code /}, a comma, "and" or "or" between them. */
    private record Run(int from, int to, List<Found> found, boolean unknownPart) {}

    List<Mention> find(Passage passage, Conversation conversation) {
        List<Mention> mentions = new ArrayList<>();
        int word = 0;
        while (word < passage.words().size()) {
            Optional<Run> run = run(passage, word);
            if (run.isEmpty()) {
                word++;
                continue;
            }
            add(passage, run.get(), conversation, mentions);
            word = run.get().to();
        }
        return mentions;
    }

    private Optional<Run> run(Passage passage, int from) {
        Optional<Found> first = names.at(passage, from);
        if (first.isEmpty()) {
            return Optional.empty();
        }
        int start = from;
        boolean unknown = false;
        while (start > 0 && isSlash(passage, start - 1) && passage.isCapital(start - 1) && passage.isCapital(start)) {
            start--;
            unknown = true;
        }
        List<Found> found = new ArrayList<>(List.of(first.get()));
        int to = first.get().to();
        for (int next = afterConnector(passage, to); next > 0; next = afterConnector(passage, to)) {
            Optional<Found> more = names.at(passage, next);
            if (more.isPresent()) {
                found.add(more.get());
                to = more.get().to();
            } else if (isSlash(passage, to - 1) && passage.isCapital(to) && passage.isCapital(to - 1)) {
                unknown = true;
                to = to + 1;
            } else {
                break;
            }
        }
        return Optional.of(new Run(start, to, found, unknown));
    }

    private static boolean isSlash(Passage passage, int word) {
        return passage.gapAfter(word).strip().equals("/");
    }

    /** The word after "/", ",", "and" or "or"; 0 if there is none. */
    private static int afterConnector(Passage passage, int to) {
        List<Passage.Word> words = passage.words();
        if (to >= words.size()) {
            return 0;
        }
        String gap = passage.gapAfter(to - 1).strip();
        boolean conjunction = Set.of("and", "or", "und", "oder", "y", "o")
                .contains(words.get(to).text());
        if ((gap.isEmpty() || gap.equals(",")) && conjunction) {
            return to + 1 < words.size() && passage.isJoined(to, "") ? to + 1 : 0;
        }
        return gap.equals("/") || gap.equals(",") || gap.equals("&") ? to : 0;
    }

    private static void add(Passage passage, Run run, Conversation conversation, List<Mention> mentions) {
        int[] span = cued(passage, run);
        boolean cued = span[1] > span[0];
        if (!cued && (run.unknownPart() || !isDistinctive(passage, run))) {
            return;
        }
        int from = cued ? Math.min(span[0], run.from()) : run.from();
        int to = cued ? Math.max(span[1], run.to()) : run.to();
        int start = passage.words().get(from).start();
        int end = passage.words().get(to - 1).end();
        if (conversation.holds(Passage.spaced(passage.text().substring(start, end))) || isOwned(passage, run.from())) {
            return;
        }
        if (run.unknownPart()) {
            mentions.add(Mention.of(start, end, Form.HEADING, List.of()));
            return;
        }
        int name = passage.words().get(run.from()).start(); // a number may stand between noun and name
        for (List<String> clauses : clauses(run.found())) {
            mentions.add(Mention.of(name, end, Form.HEADING, clauses));
        }
    }

    /** "Their privacy policy", "a privacy policy": of another. */
    private static boolean isOwned(Passage passage, int from) {
        if (from == 0 || !passage.isJoined(from - 1, "")) {
            return false;
        }
        String before = passage.words().get(from - 1).text();
        boolean ofThePolicy = before.equals("s")
                && from > 1
                && Cues.NOUNS.contains(passage.words().get(from - 2).text());
        return OWNERS.contains(before) && !ofThePolicy;
    }

    /** The clauses of each name, or those that have all names. A name of a category alone is no clause. */
    private static List<List<String>> clauses(List<Found> found) {
        Set<String> common = new LinkedHashSet<>(found.getFirst().name().clauses());
        found.forEach(name -> common.retainAll(name.name().clauses()));
        if (!common.isEmpty()) {
            return List.of(List.copyOf(common));
        }
        return found.stream()
                .map(name -> name.name().clauses())
                .filter(clauses -> !clauses.isEmpty())
                .distinct()
                .toList();
    }

    private static boolean isDistinctive(Passage passage, Run run) {
        Found first = run.found().getFirst();
        if (!run.found().stream().allMatch(found -> ClauseNames.hasCapitals(passage, found))) {
            return false;
        }
        boolean slashed = first.to() - first.from() > 1 && isSlashed(passage, first.from(), run.to());
        boolean under = run.from() > 0
                && Set.of("under", "per", "nach", "laut", "según")
                        .contains(passage.words().get(run.from() - 1).text());
        int words = first.to() - first.from();
        return first.name().whole()
                && (slashed
                        || (words > 1 && isEnclosed(passage, run))
                        || (words >= LONG_NAME && !isSentenceStart(passage, run.from()))
                        || (under && words > 1));
    }

    /** Alone in brackets or quotation marks. */
    private static boolean isEnclosed(Passage passage, Run run) {
        int start = passage.words().get(run.from()).start();
        int end = passage.words().get(run.to() - 1).end();
        return start > 0
                && end < passage.text().length()
                && "([\"“«「《".indexOf(passage.text().charAt(start - 1)) >= 0
                && ")]\"”»」》".indexOf(passage.text().charAt(end)) >= 0;
    }

    private static boolean isSlashed(Passage passage, int from, int to) {
        for (int word = from; word < to - 1; word++) {
            if (isSlash(passage, word)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSentenceStart(Passage passage, int word) {
        return word == 0 || passage.gapAfter(word - 1).chars().anyMatch(c -> ".!?\n".indexOf(c) >= 0);
    }

    /** The words from the name to the noun that shows a citation, or from the noun to the name; empty if there is none. */
    private static int[] cued(Passage passage, Run run) {
        int after = nounAfter(passage, run.to());
        if (after > 0) {
            return new int[] {run.from(), after};
        }
        int before = nounBefore(passage, run.from());
        return before >= 0 ? new int[] {before, run.to()} : new int[] {0, 0};
    }

    private static int nounAfter(Passage passage, int to) {
        List<Passage.Word> words = passage.words();
        if (to >= words.size() || !passage.isJoined(to - 1, CLOSING + "(,")) {
            return 0;
        }
        boolean apart = passage.gapAfter(to - 1).indexOf('(') >= 0
                || passage.gapAfter(to - 1).indexOf(',') >= 0;
        String next = words.get(to).text();
        String second = to + 1 < words.size() && passage.isJoined(to, "")
                ? words.get(to + 1).text()
                : "";
        if (apart) {
            boolean number = isNumber(second)
                    || (Cues.NOUNS.contains(second)
                            && to + 2 < words.size()
                            && isNumber(words.get(to + 2).text()));
            return Cues.NOUNS.contains(next) && number ? to : 0;
        }
        if (Cues.NOUNS.contains(next)) {
            return to + 1;
        }
        if (Cues.HAN.contains(next + second)) {
            return to + 2;
        }
        return !Cues.STOPS.contains(next) && !isNumber(next) && Cues.NOUNS.contains(second) ? to + 2 : 0;
    }

    private static int nounBefore(Passage passage, int from) {
        List<Passage.Word> words = passage.words();
        boolean strong = false;
        boolean gerund = false;
        int links = 0;
        for (int word = from - 1; word >= 0 && word >= from - LINKS - 1; word--) {
            boolean dotted = passage.gapAfter(word).equals(".")
                    && isNumber(words.get(word).text());
            if (!dotted && !passage.isJoined(word, OPENING + CLOSING)) {
                return -1;
            }
            String text = words.get(word).text();
            if (Cues.NOUNS.contains(text)) {
                boolean marked =
                        passage.gapAfter(word).strip().chars().anyMatch(c -> OPENING.indexOf(c) >= 0 && c != ',');
                return links > 0 || marked ? word : -1;
            } else if (Cues.LOOSE_NOUNS.contains(text)) {
                return strong ? word : -1;
            } else if (isNumber(text) || Cues.LINKS.contains(text)) {
                strong |= Cues.STRONG_LINKS.contains(text);
                links++;
            } else if (!gerund && text.endsWith("ing") && !text.endsWith("thing")) {
                gerund = true;
            } else {
                return -1;
            }
        }
        return -1;
    }

    private static boolean isNumber(String word) {
        return !word.isEmpty() && word.chars().allMatch(Character::isDigit);
    }
}
