package dev.precept.judging.screen;

import dev.precept.records.Repair;
import dev.precept.records.Review;
import dev.precept.spec.Excerpt;
import dev.precept.text.FoldedText;
import dev.precept.text.SearchedText;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds in a completion that repairs an attempt what it can have from its request only: words of the judges, and talk of the
 * attempt. The judges' own words are those that neither the conversation nor the excerpt nor the attempt holds: judges quote,
 * and a completion may say again what was right. Immutable.
 */
final class RepairWords {
    /** Consecutive words that are taken to be copied. */
    static final int RUN = 8;

    /** Stricter than the phrases that any completion is searched for: here an earlier attempt is known to be in the request. */
    private static final Pattern TALK = Pattern.compile(
            "\\b(?:the|my|an?|this|that|your)\\s(?:earlier|previous|prior|former|rejected)\\s(?<one>attempt|try|draft|version|answer|reasoning|response)\\b"
                    + "|\\b(?:the|my|this|that|your)\\s(?:(?:first|last)\\s(?<two>attempt|try|draft|version)|(?<three>draft))\\b"
                    + "|\\b(?:the|my|one|all|both|these|those)\\s(?:\\w{2,12}\\s)?(?<four>review)(?:s|ers?)?\\b"
                    + "|\\ba\\s(?:\\w{2,12}\\s)?(?<five>review)er\\b");

    private static final Pattern SPACES = Pattern.compile("\\s+");

    private final WordRuns reviews;
    private final SearchedText others;
    /** In lower case, with single spaces. */
    private final String excerpt;

    RepairWords(Repair repair, String conversation, Excerpt excerpt) {
        this.reviews = new WordRuns(
                repair.getReviews().stream()
                        .map(Review::getText)
                        .map(FoldedText::words)
                        .toList(),
                RUN);
        this.excerpt = spaced(SearchedText.of(excerpt.text()).lowerCase());
        this.others = SearchedText.of(
                String.join("\n\n", conversation, excerpt.text(), repair.getReasoning(), repair.getAnswer()));
    }

    /** Separate runs of words of the judges. */
    int copied(SearchedText text) {
        return reviews.count(text, RUN, others);
    }

    /**
     * Mentions of the attempt or its reviews, without those in words of the excerpt: a policy may have reviews too.
     *
     * @param text in lower case
     */
    int mentions(String text, UserWords user) {
        int count = 0;
        Matcher matcher = TALK.matcher(text);
        while (matcher.find()) {
            if (!isOfTheUser(matcher, user) && !excerpt.contains(spaced(matcher.group()))) {
                count++;
            }
        }
        return count;
    }

    private static String spaced(String text) {
        return SPACES.matcher(text).replaceAll(" ");
    }

    private static boolean isOfTheUser(Matcher matcher, UserWords user) {
        return matcher.namedGroups().keySet().stream()
                .map(matcher::group)
                .anyMatch(noun -> noun != null
                        && (user.text().contains(noun) || (user.hasEarlierAnswer() && !noun.equals("review"))));
    }
}
