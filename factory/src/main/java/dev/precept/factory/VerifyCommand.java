package dev.precept.factory;

import dev.precept.runtime.ExitCode;
import dev.precept.sinks.Dataset;
import dev.precept.sinks.DatasetLocation;
import dev.precept.sinks.Verification;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code precept verify}: whether a dataset still is what it says it is. Exit code 3 where it is not. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = "Reads a dataset, or one version of it, and holds every file against what is said of it.")
final class VerifyCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "DATASET[@NAME]",
            description = "where the dataset lies; with a version, only this version and what it is made of")
    private String dataset = "";

    @Override
    public Integer call() throws IOException {
        Optional<DatasetAt> named =
                DatasetAt.isNamedBy(dataset) ? Optional.of(DatasetAt.of(dataset)) : Optional.empty();
        Dataset opened =
                Dataset.reading(DatasetLocation.of(named.map(DatasetAt::dataset).orElse(dataset)));
        Optional<String> version = named.map(DatasetAt::version);
        Verification.Report report = Verification.of(opened, version, InstantSource.system());
        report.problems().forEach(System.err::println);
        report.orphans().forEach(key -> System.out.println(key + ": orphan, nothing names it; see 'precept gc'"));
        report.young().forEach(key -> System.out.println(key + ": young, nothing names it yet; perhaps in the making"));
        System.out.println((report.problems().isEmpty() ? "verified " : "not as it should be: ") + dataset + " ("
                + report.commits() + " commits, " + report.files() + " whole files, " + report.rows() + " rows, "
                + report.problems().size() + " problems, " + report.orphans().size() + " orphans"
                + ", " + report.young().size() + " young)");
        return (report.problems().isEmpty() ? ExitCode.RELEASED : ExitCode.NOT_RELEASED).code();
    }
}
