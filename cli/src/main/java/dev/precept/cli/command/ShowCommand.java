package dev.precept.cli.command;

import dev.precept.config.ConfigurationException;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.read.RowChoice;
import dev.precept.dataset.read.RowPreview;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.runtime.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code precept show}. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = {
            "Print samples of a dataset or version as text.",
            "With --rejected the rejected slots, with the reasoning, answer and scores of every attempt."
        })
final class ShowCommand implements Callable<Integer> {
    private static final int MAX_SEED = 1_000_000;

    /** Default: ./dataset. */
    @Mixin
    private VersionArgument where = new VersionArgument();

    @Option(names = "--rejected", description = "rejected and invalid slots, with their reasons and attempts")
    private boolean rejected;

    @Option(names = "--attempts", description = "every failed attempt, also of slots that were accepted later")
    private boolean attempts;

    @Option(
            names = "--removed",
            description = "with DATASET@VERSION: samples that the version leaves out or reports, why, and what they"
                    + " resemble; --reason selects, as in --reason near_duplicate_prompt")
    private boolean removed;

    @Mixin
    private RowFilter filter = new RowFilter();

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "10",
            description = "number of rows (default ${DEFAULT-VALUE})")
    private int rows = 10;

    @Option(names = "--random", paramLabel = "N", description = "N rows at random; reads the whole dataset")
    private int random;

    @Option(names = "--seed", paramLabel = "S", description = "with --random: the same rows again")
    private @Nullable Long seed;

    @Option(names = "--json", description = "print every column, one JSON object a line")
    private boolean json;

    @Option(
            names = "--html",
            paramLabel = "DIR",
            description = "with DATASET@VERSION: write one HTML file that shows rows in a browser without a server"
                    + " (--rows, default 200)")
    private @Nullable Path html;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (html != null) {
            return html(html);
        }
        if (removed) {
            return removed();
        }
        check();
        VersionRef ref = where.refOrDefault();
        Dataset dataset = ref.openReadOnly();
        try {
            int shown = filter.sampleId() == null ? rows(ref, dataset) : slot(ref, dataset);
            if (shown == 0) {
                filter.alternatives().forEach(System.err::println);
            }
        } catch (JsonLinesPrinter.OutputClosedException e) {
            return ExitCode.RELEASED.code();
        }
        return ExitCode.RELEASED.code();
    }

    private int html(Path folder) throws IOException, InterruptedException {
        if (removed || rejected || attempts || random > 0 || json || filter.isOfSamples() || filter.isOfRejections()) {
            throw new ConfigurationException("--html: give only --rows with it; the page itself filters");
        }
        checkRows();
        VersionRef ref = where.refOrDefault();
        boolean given = command.commandLine().getParseResult().hasMatchedOption("--rows");
        HtmlExport.write(ref.openReadOnly(), ref, folder, given ? rows : HtmlExport.ROWS);
        return ExitCode.RELEASED.code();
    }

    private int removed() throws IOException {
        if (rejected || attempts || random > 0 || filter.isOfSamples()) {
            throw new ConfigurationException("--removed: give only --reason, --rows and --json with it");
        }
        checkRows();
        VersionRef ref = where.refOrDefault();
        RemovedRows found = RemovedRows.read(ref.openReadOnly(), ref.requireVersion(), rows, filter.reason());
        if (json) {
            found.printJson(System.out);
        } else {
            found.print(RowPrinter.standard());
            System.out.println(found.count() + " shown" + (found.count() == rows ? "; more with --rows N" : ""));
        }
        return ExitCode.RELEASED.code();
    }

    private void checkRows() {
        if (rows < 1 || random < 0) {
            throw new ConfigurationException("--rows, --random: give a whole number from 1");
        }
    }

    private void check() {
        filter.check();
        checkRows();
        if (seed != null && random == 0) {
            throw new ConfigurationException("--seed " + seed + ": give --random N with it");
        }
        if (seed == null) {
            seed = (long) new SecureRandom().nextInt(MAX_SEED);
        }
    }

    private int rows(VersionRef ref, Dataset dataset) throws IOException {
        if (!rejected && !attempts && !filter.isOfRejections()) {
            return show(samples(ref, dataset, choice(filter::matches)), List.of(), List.of());
        }
        if (attempts || filter.needsOutput()) {
            RowPreview.Found<Rejection> found =
                    RowPreview.rejections(dataset, choice(row -> !row.getTerminal() && filter.matches(row)));
            return show(List.of(), List.of(), found.rows());
        }
        RowPreview.Found<Rejection> slots =
                RowPreview.rejections(dataset, choice(row -> row.getTerminal() && filter.matches(row)));
        return show(List.of(), slots.rows(), RowPreview.attempts(dataset, slots));
    }

    /** One slot: its sample or its rejection, and its failed attempts. */
    private int slot(VersionRef ref, Dataset dataset) throws IOException {
        List<Sample> samples = samples(ref, dataset, RowChoice.first(rows, filter::matches));
        Predicate<Rejection> wanted = row -> filter.matches(row)
                || samples.stream()
                        .anyMatch(sample -> row.getRunId().equals(sample.getRunId())
                                && row.getSlotId().equals(sample.getPromptId() + "#" + sample.getSlot()));
        List<Rejection> found = RowPreview.rejections(dataset, RowChoice.first(Integer.MAX_VALUE, wanted))
                .rows();
        return show(
                samples,
                found.stream().filter(Rejection::getTerminal).toList(),
                found.stream().filter(row -> !row.getTerminal()).toList());
    }

    private <R> RowChoice<R> choice(Predicate<R> wanted) {
        return random == 0 || seed == null ? RowChoice.first(rows, wanted) : RowChoice.random(random, seed, wanted);
    }

    private static List<Sample> samples(VersionRef ref, Dataset dataset, RowChoice<Sample> choice) throws IOException {
        return (ref.version().isPresent()
                        ? RowPreview.samples(dataset, ref.version().get(), choice)
                        : RowPreview.samples(dataset, choice))
                .rows();
    }

    /** @return the number of samples and slots; of attempts, if there are only these */
    private int show(List<Sample> samples, List<Rejection> slots, List<Rejection> failed) throws IOException {
        if (json) {
            JsonLinesPrinter lines = new JsonLinesPrinter(System.out);
            for (List<? extends IndexedRecord> part : List.of(samples, failed, slots)) {
                for (IndexedRecord row : part) {
                    lines.writeRow(row);
                }
            }
            lines.flush();
            return samples.size() + slots.size() + failed.size();
        }
        RowPrinter printer = RowPrinter.standard();
        samples.forEach(printer::sample);
        slots.forEach(slot -> printer.rejection(slot, of(slot, failed)));
        failed.stream()
                .filter(attempt -> slots.stream().noneMatch(slot -> isOf(slot, attempt)))
                .forEach(printer::attempt);
        int shown = slots.isEmpty() && samples.isEmpty() ? failed.size() : samples.size() + slots.size();
        System.out.println(shown + " shown"
                + (random > 0
                        ? ", at random; the same again with --seed " + seed
                        : shown == rows ? "; more with --rows N" : ""));
        return shown;
    }

    static List<Rejection> of(Rejection slot, List<Rejection> attempts) {
        return attempts.stream().filter(attempt -> isOf(slot, attempt)).toList();
    }

    private static boolean isOf(Rejection slot, Rejection attempt) {
        return RowPreview.slot(slot).equals(RowPreview.slot(attempt));
    }
}
