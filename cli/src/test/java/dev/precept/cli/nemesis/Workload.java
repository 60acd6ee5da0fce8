package dev.precept.cli.nemesis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbered prompts. What becomes of a prompt, and the exact completion, is a function of its number alone. */
final class Workload {
    /** The model's name in recipes. */
    static final String MODEL = "numbered-model";

    /** A completion is truncated below this limit for some prompts. */
    static final int SMALL_LIMIT = 1_000;

    static final int ATTEMPTS = 2;

    private static final Pattern NUMBER = Pattern.compile("Case (\\d{4}):");

    private final int lines;

    /** @param lines of the prompt file, from 1 */
    Workload(int lines) {
        this.lines = lines;
    }

    /** What becomes of a line of the prompt file. */
    enum Fate {
        SAMPLE(Optional.empty()),
        /** A sample of the second, larger try. */
        LARGER(Optional.empty()),
        /** A sample of the second attempt: the judge turns the first one down. */
        RETRIED(Optional.empty()),
        LOW_SCORE(Optional.of("LOW_SCORE")),
        NO_REASONING(Optional.of("NO_REASONING")),
        FILTERED(Optional.of("PROVIDER_REFUSED")),
        /** The prompt of the line before, with another origin. */
        DUPLICATE(Optional.of("DUPLICATE_PROMPT")),
        NO_PROMPT(Optional.of("UNREADABLE"));

        private final Optional<String> reason;

        Fate(Optional<String> reason) {
            this.reason = reason;
        }

        /** Of the terminal rejection; empty for a sample. */
        Optional<String> reason() {
            return reason;
        }
    }

    int lines() {
        return lines;
    }

    Fate fate(int line) {
        return switch (line % 20) {
            case 3, 12 -> Fate.LARGER;
            case 5, 13 -> Fate.RETRIED;
            case 14 -> Fate.LOW_SCORE;
            case 15 -> Fate.NO_REASONING;
            case 16 -> Fate.FILTERED;
            case 18 -> Fate.DUPLICATE;
            case 19 -> Fate.NO_PROMPT;
            default -> Fate.SAMPLE;
        };
    }

    /** The user's message of a line. */
    String question(int line) {
        int number = fate(line) == Fate.DUPLICATE ? line - 1 : line;
        return String.format(Locale.ROOT, "Case %04d: how do I look after plant number %d?", number, number);
    }

    static String reasoning(int number) {
        return String.format(
                Locale.ROOT, "Case %04d: a question about plants. [help-first] lets me help, so I do.", number);
    }

    static String answer(int number) {
        return String.format(
                Locale.ROOT, "Water plant %d every %d days. End of answer %04d.", number, number % 9 + 1, number);
    }

    /** The completion that the judge turns down. */
    static String poorAnswer(int number) {
        return String.format(Locale.ROOT, "Plant %d needs nothing. End of answer %04d.", number, number);
    }

    /** The number of the prompt that a request is about; empty for a request about none, such as a probe. */
    static Optional<Integer> number(String request) {
        Matcher matcher = NUMBER.matcher(request);
        return matcher.find() ? Optional.of(Integer.valueOf(matcher.group(1))) : Optional.empty();
    }

    /** About how many calls an undisturbed run makes. */
    int calls() {
        return lines * 4;
    }

    void write(Path file) {
        List<String> rows = new ArrayList<>();
        for (int line = 1; line <= lines; line++) {
            rows.add(
                    fate(line) == Fate.NO_PROMPT
                            ? "{\"id\": \"line-" + line + "\", \"prompt\": 17}"
                            : "{\"id\": \"line-" + line + "\", \"prompt\": \"" + question(line) + "\"}");
        }
        try {
            Files.write(file, rows);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the prompts", e);
        }
    }
}
