package dev.precept.cli.command;

import dev.precept.dataset.Dataset;
import dev.precept.dataset.DatasetLocation;
import dev.precept.dataset.verify.Verification;
import dev.precept.runtime.ExitCode;
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
        Optional<VersionRef> named =
                VersionRef.namesVersion(dataset) ? Optional.of(VersionRef.of(dataset)) : Optional.empty();
        Dataset opened = Dataset.openReadOnly(
                DatasetLocation.of(named.map(VersionRef::dataset).orElse(dataset)));
        Optional<String> version = named.map(VersionRef::version);
        Verification.Result result = Verification.verify(opened, version, InstantSource.system());
        result.problems().forEach(System.err::println);
        result.orphans().forEach(key -> System.out.println(key + ": orphan, nothing names it; see 'precept gc'"));
        result.young().forEach(key -> System.out.println(key + ": young, nothing names it yet; perhaps in the making"));
        System.out.println((result.problems().isEmpty() ? "verified " : "not as it should be: ") + dataset + " ("
                + result.commits() + " commits, " + result.files() + " whole files, " + result.rows() + " rows, "
                + result.problems().size() + " problems, " + result.orphans().size() + " orphans"
                + ", " + result.young().size() + " young)");
        return (result.problems().isEmpty() ? ExitCode.RELEASED : ExitCode.NOT_RELEASED).code();
    }
}
