package dev.precept.evaluation.gpqa;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which of several letters of an answer counts. Tools differ, so a score is meaningless without its mode. */
public enum AnswerMode {
    /** As simple-evals reads an answer. */
    FIRST,
    /** As Inspect and NeMo Gym do. */
    LAST;

    /** In Python's {@code re}, case is folded beyond ASCII. */
    private static final Pattern ANSWER = Pattern.compile("(?iu)Answer[ \\t]*:[ \\t]*\\$?([A-D])\\$?");

    /** The letter of an answer, in the case in which it is written; empty if there is none. */
    Optional<String> letter(String answer) {
        Matcher matcher = ANSWER.matcher(answer);
        Optional<String> found = Optional.empty();
        while (matcher.find()) {
            found = Optional.of(matcher.group(1));
            if (this == FIRST) {
                return found;
            }
        }
        return found;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
