package dev.precept.cli.command;

import dev.precept.cli.terminal.Terminal;
import dev.precept.cli.terminal.TextWidth;
import dev.precept.dataset.release.RemovedSamples;
import dev.precept.records.Message;
import dev.precept.records.Neighbour;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.records.Vote;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Prints rows as text, wrapped to the width of the terminal; lines are not wrapped in a file or a pipe. */
final class RowPrinter {
    private static final int SHORT_ID = 12;
    private static final int RULE = 80;
    /** Below it a wrapped text is not readable, and lines are left to the terminal. */
    private static final int NARROWEST = 20;

    private final PrintStream out;
    private final OptionalInt columns;

    RowPrinter(PrintStream out, OptionalInt columns) {
        this.out = out;
        this.columns = columns;
    }

    /** For standard output. */
    static RowPrinter standard() {
        return new RowPrinter(System.out, Terminal.columnsOfOutput());
    }

    void sample(Sample sample) {
        rule();
        List<String> cited = sample.getCitedClauses();
        line(
                "",
                shortId(sample) + "  " + String.join(", ", sample.getCategory()) + "  lowest score "
                        + sample.getJudgeMin() + "  attempt " + sample.getAttempt()
                        + (sample.getRepaired() ? ", a repair" : "")
                        + (cited.isEmpty() ? "  cites no clause" : "  cites " + String.join(", ", cited)));
        line("  ", "sample " + sample.getSampleId());
        if (sample.getDedup().getNear() != null) {
            line("  ", similarTo(sample.getDedup().getNear()));
        }
        conversation(sample.getMessages().subList(0, sample.getMessages().size() - 1));
        output("  ", sample.getReasoning(), sample.getAnswer(), sample.getJudge());
    }

    /** As the detail of a rejection says it. */
    private static String similarTo(Neighbour near) {
        String source = near.getUri() == null ? "" : "the reasoning for " + near.getUri() + ":" + near.getLine() + ", ";
        String id = near.getId();
        return String.format(
                Locale.ROOT,
                "similar (%.2f) to %ssample %s",
                near.getSimilarity(),
                source,
                id.substring(0, Math.min(SHORT_ID, id.length())));
    }

    /**
     * A sample that a version leaves out or reports.
     *
     * @param sample null if its row was purged
     * @param like the one that it resembles; null if it resembles none, or that was purged
     */
    void removed(RemovedSamples.Row row, @Nullable Sample sample, @Nullable Sample like) {
        rule();
        line(
                "",
                (sample == null ? row.sampleId() : shortId(sample)) + "  " + row.reason()
                        + (row.isKept() ? " (kept)" : "")
                        + (sample == null
                                ? ""
                                : "  " + String.join(", ", sample.getCategory()) + "  " + source(sample)));
        if (sample != null) {
            text(row, sample);
        }
        if (row.duplicateOf() != null && row.similarity() != null) {
            String other = like == null ? "" : source(like) + ", ";
            line(
                    "  ",
                    String.format(
                            Locale.ROOT,
                            "similar (%.2f) to %ssample %s",
                            row.similarity(),
                            other,
                            row.duplicateOf().substring(0, SHORT_ID)));
        } else if (row.duplicateOf() != null) {
            line("  ", "the same as sample " + row.duplicateOf().substring(0, SHORT_ID));
        }
        if (like != null && row.similarity() != null) {
            text(row, like);
        }
    }

    /** What was compared. */
    private void text(RemovedSamples.Row row, Sample sample) {
        conversation(sample.getMessages().subList(0, sample.getMessages().size() - 1));
        if (row.reason().endsWith("_sample")) {
            block("  ", "reasoning", sample.getReasoning());
        }
    }

    static String source(Sample sample) {
        return sample.getSource().getUri() + ":" + sample.getSource().getLine();
    }

    void note(String text) {
        line("  ", text);
    }

    /** A slot that ended without a sample, with what its attempts produced. */
    void rejection(Rejection slot, List<Rejection> attempts) {
        heading(slot, slot.getOutcome() + " " + reason(slot));
        line("  ", "why: " + slot.getDetail());
        prompt(slot);
        attempts.forEach(this::attemptOfSlot);
    }

    private void attemptOfSlot(Rejection attempt) {
        line(
                "  ",
                "attempt " + attempt.getAttempt() + repair(attempt) + ": " + reason(attempt) + ": "
                        + attempt.getDetail());
        output("    ", attempt.getReasoning(), attempt.getAnswer(), attempt.getJudge());
        block("    ", "reply of the judge that is no vote", attempt.getInvalidReply());
    }

    private static String repair(Rejection attempt) {
        return attempt.getRepaired() ? ", a repair" : "";
    }

    /** A failed attempt alone. */
    void attempt(Rejection attempt) {
        heading(attempt, "failed attempt " + attempt.getAttempt() + repair(attempt) + " " + reason(attempt));
        line("  ", "why: " + attempt.getDetail());
        prompt(attempt);
        output("  ", attempt.getReasoning(), attempt.getAnswer(), attempt.getJudge());
        block("  ", "reply of the judge that is no vote", attempt.getInvalidReply());
    }

    private void heading(Rejection row, String what) {
        rule();
        String categories = row.getCategory() == null ? "" : "  " + String.join(", ", row.getCategory());
        line(
                "",
                shortId(row) + "  " + what + " at " + row.getStage() + categories + "  "
                        + row.getSource().getUri() + ":" + row.getSource().getLine());
    }

    private void prompt(Rejection row) {
        if (row.getMessages() != null) {
            conversation(row.getMessages());
        }
    }

    private static String reason(Rejection row) {
        return String.valueOf(row.getReason() == null ? row.getInvalidReason() : row.getReason());
    }

    /** As {@code --sample} takes it. */
    static String shortId(Sample sample) {
        return sample.getPromptId().substring(0, SHORT_ID) + "#" + sample.getSlot();
    }

    /** As {@code --sample} takes it. The id of an unusable line is not the hash of a prompt. */
    static String shortId(Rejection row) {
        String id = row.getPromptId();
        return row.getSlotId().startsWith(id) && id.length() > SHORT_ID
                ? id.substring(0, SHORT_ID) + row.getSlotId().substring(id.length())
                : row.getSlotId();
    }

    private void conversation(List<Message> messages) {
        for (Message message : messages) {
            block("  ", message.getRole(), message.getContent());
        }
    }

    private void output(
            String indent, @Nullable String reasoning, @Nullable String answer, @Nullable List<Vote> votes) {
        block(indent, "reasoning", reasoning);
        block(indent, "answer", answer);
        if (votes != null) {
            boolean isPanel = votes.stream().map(Vote::getModel).distinct().count() > 1;
            for (Vote vote : votes) {
                String agrees = vote.getAgree() == null
                        ? ""
                        : vote.getAgree()
                                ? " (agrees with the side information)"
                                : " (disagrees with the side information)";
                String judge = isPanel ? " of " + vote.getModel() : "";
                line(
                        indent,
                        "vote " + vote.getVote() + judge + ": " + vote.getScore() + agrees + "  " + vote.getReason());
            }
        }
    }

    private void block(String indent, String label, @Nullable String text) {
        if (text != null && !text.isEmpty()) {
            line(indent, "[" + label + "]");
            text.lines().forEach(line -> line(indent + "  ", line));
        }
    }

    private void rule() {
        out.println("─".repeat(columns.orElse(RULE)));
    }

    private void line(String indent, String text) {
        String clean = clean(text);
        int width = columns.orElse(Integer.MAX_VALUE) - indent.length();
        if (width < NARROWEST) {
            out.println(indent + clean);
        } else {
            TextWidth.wrap(clean, width).forEach(part -> out.println(indent + part));
        }
    }

    /** Replaces control characters: untrusted text must not control the terminal. */
    private static String clean(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints()
                .forEach(c -> clean.appendCodePoint(
                        Character.getType(c) == Character.CONTROL || Character.getType(c) == Character.FORMAT
                                ? '·'
                                : c));
        return clean.toString();
    }
}
