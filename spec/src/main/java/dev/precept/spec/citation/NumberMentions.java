package dev.precept.spec.citation;

import dev.precept.spec.citation.CitationReport.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds numbers of clauses that a text cites. "Rule 1" counts within the clause named last. A number that does not exist is
 * false only where the text ascribes it to the policies, or where the clause that it is within exists; laws and contracts
 * have sections too.
 */
final class NumberMentions {
    private static final String NUMBER = "\\d{1,3}(?:\\.\\d{1,3}){0,4}";
    private static final Pattern CITED =
            Pattern.compile("(?iu)(?<![\\p{L}\\p{N}_-])((?:(?:safety|content)\\s)?polic(?:y|ies)\\s)?"
                    + "(sections?|rules?|clauses?|polic(?:y|ies)|principles?|§|abschnitt|regel|klausel|sección|cláusula|regla|apartado)"
                    + "\\s?(?:like\\s|such\\sas\\s)?(" + NUMBER
                    + "(?:(?:\\s?,\\s?(?:and\\s|or\\s)?|\\s(?:and|or|und|y)\\s)" + NUMBER
                    + "){0,8})(?![\\p{L}\\p{N}%$]|[.,:]\\d)|第\\s?(" + NUMBER + ")\\s?(?:条|节|款|章)");
    private static final Pattern ONE = Pattern.compile(NUMBER);
    private static final Pattern RELATIVE =
            Pattern.compile("(?i)^\\s?(?:there|here|(?:under|in|of)\\s(?:this|that|the\\ssame)\\b)");
    private static final Pattern OUTER = Pattern.compile("(?i)^\\s?(?:under|of|in|on)\\s(?:the\\s)?$");
    private static final Pattern OF_OTHER =
            Pattern.compile("(?i)^\\s(?:of|in|from)\\s(?:the|your|their|its|his|her|a|an)\\s"
                    + "(?!(?:safety|content)?\\s?(?:polic|specification|guidelines|rules|excerpt|same))");
    private static final Pattern OF_THE_POLICIES = Pattern.compile(
            "(?i)^\\s(?:of|in|from)\\s(?:the|my|our)\\s(?:safety\\s|content\\s)?(?:polic|specification)");
    private static final Pattern TITLE = Pattern.compile("(?i)(?:title|article|chapter)\\s\\d{1,3},?\\s$|[’']s\\s$");
    private static final int WINDOW = 40;
    /** Characters between a heading and its number. */
    private static final int BESIDE = 4;

    private static final int WORDS_BEFORE = 5;

    private final ClauseNumbers numbers;

    NumberMentions(ClauseNumbers numbers) {
        this.numbers = numbers;
    }

    /** @param named headings and ids that the text names, in order */
    List<Mention> find(Passage passage, List<Mention> named, Conversation conversation) {
        List<Mention> mentions = new ArrayList<>();
        NamedMentions others = new NamedMentions(named, this::isOuter);
        @Nullable Mention lastNumber = null;
        String text = passage.text();
        Matcher cited = CITED.matcher(text).useTransparentBounds(true);
        int done = 0;
        for (int word = 0; word < passage.words().size(); word++) {
            int start = start(passage, word, done, cited);
            if (start >= 0) {
                done = cited.end();
                if (!isOfOther(text, cited, others) && !conversation.holds(Passage.spaced(cited.group()))) {
                    List<Mention> found = mentions(text, cited, others, lastNumber);
                    lastNumber =
                            found.stream().filter(this::isOuter).findFirst().orElse(lastNumber);
                    mentions.addAll(found);
                }
            }
        }
        return mentions;
    }

    /** Matches from up to two words before a digit that follows a noun; -1 if there is no number of a clause. */
    private static int start(Passage passage, int word, int done, Matcher cited) {
        List<Passage.Word> words = passage.words();
        if (!Character.isDigit(words.get(word).text().codePointAt(0))) {
            return -1;
        }
        for (int from = Math.max(0, word - WORDS_BEFORE); from <= word; from++) {
            for (int start :
                    List.of(words.get(from).start() - 1, words.get(from).start())) {
                if (start >= done
                        && cited.region(start, passage.text().length()).lookingAt()
                        && cited.end() > words.get(word).start()) {
                    return start;
                }
            }
        }
        return -1;
    }

    private boolean isOuter(Mention mention) {
        return mention.clauses().size() == 1 && numbers.number(mention.clauses().getFirst()) != null;
    }

    /** @param lastNumber the last number of a clause before this one */
    private List<Mention> mentions(String text, Matcher cited, NamedMentions named, @Nullable Mention lastNumber) {
        List<Mention> mentions = new ArrayList<>();
        String after = text.substring(cited.end(), Math.min(text.length(), cited.end() + WINDOW));
        String noun = cited.group(2) == null ? "" : cited.group(2).toLowerCase(Locale.ROOT);
        String list = cited.group(3) == null ? cited.group(4) : cited.group(3);
        boolean ascribed = (cited.group(1) != null && !noun.startsWith("polic"))
                || OF_THE_POLICIES.matcher(after).find();
        boolean inner = noun.startsWith("rule")
                || noun.equals("regel")
                || noun.equals("regla")
                || RELATIVE.matcher(after).find();
        @Nullable String outer = outer(text, cited, named, lastNumber);
        boolean beside = isBeside(text, cited.start(), named);
        Matcher each = ONE.matcher(list);
        while (each.find()) {
            String number = each.group();
            Optional<String> clause = resolve(number, inner, beside, outer);
            if (clause.isPresent()) {
                mentions.add(Mention.of(cited.start(), cited.end(), Form.NUMBER, List.of(clause.get())));
            } else if (!inner && isFalse(number, ascribed)) {
                mentions.add(Mention.of(cited.start(), cited.end(), Form.NUMBER, List.of()));
            }
        }
        return mentions;
    }

    private Optional<String> resolve(String number, boolean inner, boolean beside, @Nullable String outer) {
        Optional<String> absolute = numbers.clause(number);
        if (number.indexOf('.') >= 0) {
            return absolute;
        }
        Optional<String> relative = numbers.within(outer, number);
        if (inner) {
            return relative;
        }
        return beside && relative.isPresent() && !absolute.equals(Optional.ofNullable(outer)) ? relative : absolute;
    }

    private boolean isFalse(String number, boolean ascribed) {
        int dot = number.indexOf('.');
        boolean outerExists =
                dot > 0 && numbers.clause(number.substring(0, dot)).isPresent();
        return ascribed || outerExists;
    }

    /** The clause that a relative number is within: the one named directly after it, else the one named last. */
    private @Nullable String outer(String text, Matcher cited, NamedMentions named, @Nullable Mention lastNumber) {
        for (Mention mention : named.after(cited.end(), WINDOW)) {
            if (OUTER.matcher(text.substring(cited.end(), mention.start())).find()
                    && mention.clauses().size() == 1) {
                return mention.clauses().getFirst();
            }
        }
        Mention before = named.outerBefore(cited.start());
        Mention last =
                before == null || (lastNumber != null && lastNumber.start() > before.start()) ? lastNumber : before;
        return last == null ? null : last.clauses().getFirst();
    }

    /** Whether the number follows a heading directly: "the Privacy policy, section 1". */
    private static boolean isBeside(String text, int start, NamedMentions named) {
        return named.endingBefore(start, BESIDE).stream()
                .anyMatch(mention -> text.substring(mention.end(), start).matches("\\s?[,:(]\\s?"));
    }

    private static boolean isOfOther(String text, Matcher cited, NamedMentions named) {
        String after = text.substring(cited.end(), Math.min(text.length(), cited.end() + WINDOW));
        String before = text.substring(Math.max(0, cited.start() - WINDOW), cited.start());
        boolean beforeName = named.after(cited.end(), WINDOW).stream()
                .anyMatch(mention -> OUTER.matcher(text.substring(cited.end(), mention.start()))
                        .find());
        return (OF_OTHER.matcher(after).find()
                        && !beforeName
                        && !RELATIVE.matcher(after).find())
                || TITLE.matcher(before).find();
    }
}
