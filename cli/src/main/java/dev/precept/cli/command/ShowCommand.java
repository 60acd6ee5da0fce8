package dev.precept.cli.command;

import dev.precept.config.ConfigurationException;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.read.RowPreview;
import dev.precept.records.Message;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.records.Vote;
import dev.precept.runtime.ExitCode;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code precept show}. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "Prints samples of a dataset or version as text.")
final class ShowCommand implements Callable<Integer> {
    private static final String RULE = "─".repeat(100);

    @Parameters(
            arity = "0..1",
            paramLabel = "DATASET[@VERSION]",
            description = "a folder or s3://bucket/prefix (default ./dataset)")
    private @Nullable String argument;

    @Option(names = "--dataset", paramLabel = "DATASET[@VERSION]", description = "the same")
    private @Nullable String option;

    @Option(names = "--rejected", description = "rejected and invalid attempts, with reasons")
    private boolean rejected;

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "10",
            description = "number of rows (default ${DEFAULT-VALUE})")
    private int rows = 10;

    @Override
    public Integer call() throws IOException {
        if (argument != null && option != null) {
            throw new ConfigurationException("--dataset " + option + ": the dataset is given twice");
        }
        VersionRef ref = VersionRef.parse(argument != null ? argument : option != null ? option : "./dataset");
        Dataset opened = ref.openReadOnly();
        if (rejected) {
            List<Rejection> rejections = RowPreview.rejections(opened, rows);
            rejections.forEach(rejection -> show(System.out, rejection));
            System.out.println(rejections.size() + " shown");
        } else {
            List<Sample> samples = ref.version().isPresent()
                    ? RowPreview.samples(opened, ref.version().get(), rows)
                    : RowPreview.samples(opened, rows);
            samples.forEach(sample -> show(System.out, sample));
            System.out.println(samples.size() + " shown");
        }
        return ExitCode.RELEASED.code();
    }

    static void show(PrintStream out, Sample sample) {
        out.println(RULE);
        out.println(sample.getPromptId().substring(0, 12) + "#" + sample.getSlot() + "  "
                + String.join(", ", sample.getCategory()) + "  lowest vote " + sample.getJudgeMin() + "  attempt "
                + sample.getAttempt() + "  cites " + String.join(", ", sample.getCitedClauses()));
        out.println("  sample " + sample.getSampleId());
        conversation(out, sample.getMessages().subList(0, sample.getMessages().size() - 1));
        block(out, "reasoning", sample.getReasoning());
        block(out, "answer", sample.getAnswer());
        votes(out, sample.getJudge());
    }

    static void show(PrintStream out, Rejection rejection) {
        out.println(RULE);
        out.println(rejection.getSlotId() + "  " + rejection.getOutcome() + " "
                + (rejection.getReason() == null ? rejection.getInvalidReason() : rejection.getReason()) + " at "
                + rejection.getStage() + "  " + clean(rejection.getSource().getUri()) + ":"
                + rejection.getSource().getLine());
        out.println("  why: " + clean(rejection.getDetail()));
        if (rejection.getMessages() != null) {
            conversation(out, rejection.getMessages());
        }
    }

    private static void conversation(PrintStream out, List<Message> messages) {
        for (Message message : messages) {
            block(out, message.getRole(), message.getContent());
        }
    }

    private static void votes(PrintStream out, List<Vote> votes) {
        for (Vote vote : votes) {
            out.println("  vote " + vote.getVote() + ": " + vote.getScore()
                    + (vote.getAgree() == null ? "" : vote.getAgree() ? " (agrees)" : " (disagrees)") + "  "
                    + clean(vote.getReason()));
        }
    }

    private static void block(PrintStream out, String label, @Nullable String text) {
        if (text != null && !text.isEmpty()) {
            out.println("  [" + clean(label) + "]");
            text.lines().forEach(line -> out.println("    " + clean(line)));
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
