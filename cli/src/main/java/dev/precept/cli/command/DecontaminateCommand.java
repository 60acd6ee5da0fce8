package dev.precept.cli.command;

import dev.precept.config.ConfigurationException;
import dev.precept.config.FileErrors;
import dev.precept.config.Recipe;
import dev.precept.dataset.read.Pull;
import dev.precept.prompts.evaluation.ContaminationSettings;
import dev.precept.prompts.evaluation.EvaluationSets;
import dev.precept.prompts.evaluation.SetFile;
import dev.precept.runtime.ExitCode;
import dev.precept.runtime.WorkFolder;
import dev.precept.text.contamination.ContaminationDetector;
import dev.precept.text.contamination.EvaluationIndex;
import dev.precept.text.contamination.MatchMethod;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code precept decontaminate}. Exit code 3 if a row holds a question of an evaluation set. */
@Command(
        name = "decontaminate",
        mixinStandardHelpOptions = true,
        description = {
            "Find questions of evaluation sets in a version. Reads its prompts and completions, and changes nothing.",
            "Exit code 0: none is found; 3: some are, and the command that withdraws the samples is printed."
        })
final class DecontaminateCommand implements Callable<Integer> {
    /** Of the compiled sets that a dataset stores. */
    private static final String COMPILED = ".bin";

    @Mixin
    private VersionArgument where = new VersionArgument();

    @Option(
            names = "--in",
            paramLabel = "PATH",
            description = "in place of a dataset: a pulled folder, or a file of rows (JSONL, JSON, CSV, TSV, Parquet)")
    private @Nullable Path in;

    @Option(
            names = "--sets",
            paramLabel = "FILE",
            arity = "1..*",
            description = "evaluation sets: JSONL, JSON, CSV, TSV, Parquet, text (one question per line), decon's"
                    + " reference records, on disk or as s3://bucket/key; or compiled sets of a dataset,"
                    + " DATASET/evaluations/HASH.bin")
    private List<String> sets = new ArrayList<>();

    @Option(
            names = "--column",
            paramLabel = "NAME",
            description = "column of the questions in the sets (default: found by its name); may be repeated")
    private List<String> columns = new ArrayList<>();

    @Option(
            names = "--method",
            paramLabel = "METHOD",
            defaultValue = "ngram13",
            description = "ngram13 or idf (default ${DEFAULT-VALUE})")
    private MatchMethod method = MatchMethod.NGRAM13;

    @Option(
            names = "--samples-to",
            paramLabel = "FILE",
            description = "write the options of 'precept withdraw' that name the samples: give it @FILE")
    private @Nullable Path samplesTo;

    @Mixin
    private OutputOption output = new OutputOption();

    @Override
    public Integer call() throws IOException {
        if (sets.isEmpty()) {
            throw new ConfigurationException("no evaluation set is given; name its files, as in 'precept decontaminate "
                    + (where.isGiven() ? where.ref().argument() : "./dataset@v1") + " --sets gpqa.csv xstest.jsonl'");
        }
        if (in != null && where.isGiven()) {
            throw new ConfigurationException("--in " + in + ": reads a folder or a file, without a dataset");
        }
        VersionRef ref = in == null ? ref() : VersionRef.parse("");
        String what = in == null ? ref.argument() : in.toString();
        if (in == null) {
            ref.requireVersion();
        }
        List<ContaminationDetector> detectors = detectors();
        ContaminationReport report =
                output.isJson() ? ContaminationReport.json(System.out, what) : ContaminationReport.text(System.out);
        try (SampleOptions samples = new SampleOptions(samplesTo)) {
            ContaminationScan scan = new ContaminationScan(detectors, row -> {
                report.add(row);
                samples.add(row);
            });
            if (in != null) {
                scan.path(in);
            } else {
                scan.version(ref.openReadOnly(), ref.requireVersion());
            }
            report.end(scan, what);
            if (!scan.unread().isEmpty()) {
                System.err.println("not pulled, so not read: " + String.join(", ", scan.unread()));
            }
            if (!output.isJson()) {
                report.remedy(what, samplesTo == null ? "" : samplesTo.toString())
                        .forEach(System.out::println);
            }
            return (scan.contaminated() == 0 ? ExitCode.RELEASED : ExitCode.NOT_RELEASED).code();
        } catch (Pull.CorruptFileException e) {
            System.err.println(e.getMessage());
            return ExitCode.NOT_RELEASED.code();
        }
    }

    /** The dataset; behind the sets it is the last of them. */
    private VersionRef ref() {
        if (!where.isGiven()
                && sets.size() > 1
                && sets.getLast().contains("@")
                && !Files.exists(Path.of(sets.getLast()))) {
            return VersionRef.parse(sets.removeLast());
        }
        return where.ref();
    }

    /** One for the files that are compiled here, and one for each compiled file. */
    private List<ContaminationDetector> detectors() throws IOException {
        List<ContaminationDetector> detectors = new ArrayList<>();
        List<String> files = new ArrayList<>();
        for (String set : sets) {
            if (set.endsWith(COMPILED)) {
                detectors.add(new ContaminationDetector(compiled(set)));
            } else {
                files.add(set);
            }
        }
        if (!files.isEmpty()) {
            Path copies = Files.createTempDirectory("precept-sets-");
            try {
                EvaluationSets read = EvaluationSets.read(settings(files), new WorkFolder(copies));
                read.lines().forEach(System.err::println);
                detectors.add(new ContaminationDetector(read.index()));
            } finally {
                delete(copies);
            }
        }
        return detectors;
    }

    private static EvaluationIndex compiled(String set) {
        try {
            return EvaluationIndex.read(Files.readAllBytes(Path.of(set)));
        } catch (IOException e) {
            throw new ConfigurationException("--sets " + set + ": cannot be read (" + FileErrors.describe(e) + ")");
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException("--sets " + set + ": " + e.getMessage() + "; name the set itself");
        }
    }

    private ContaminationSettings settings(List<String> files) {
        Recipe recipe = Recipe.parse("--sets", Path.of("").toAbsolutePath(), "");
        recipe.override("contamination.sets", files);
        ContaminationSettings read = ContaminationSettings.read(recipe);
        recipe.throwProblems();
        return new ContaminationSettings(
                read.sets().stream()
                        .map(set -> new SetFile(set.file(), set.name(), columns))
                        .toList(),
                method);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Writes the samples as options, each once. */
    private static final class SampleOptions implements AutoCloseable {
        private final @Nullable PrintWriter file;
        private String last = "";

        SampleOptions(@Nullable Path path) {
            try {
                file = path == null ? null : new PrintWriter(Files.newBufferedWriter(path));
            } catch (IOException e) {
                throw new ConfigurationException(
                        "--samples-to " + path + ": cannot be written (" + FileErrors.describe(e) + ")");
            }
        }

        void add(ContaminatedRow row) {
            if (file != null && row.isSample() && !row.id().equals(last)) {
                file.println("--sample " + row.id());
                last = row.id();
            }
        }

        @Override
        public void close() throws IOException {
            if (file != null) {
                file.close();
                if (file.checkError()) {
                    throw new IOException("cannot write the file of samples");
                }
            }
        }
    }
}
