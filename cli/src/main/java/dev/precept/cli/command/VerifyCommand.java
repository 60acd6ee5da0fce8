package dev.precept.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.cli.run.ViewRows;
import dev.precept.cli.terminal.CommandName;
import dev.precept.cli.terminal.Count;
import dev.precept.config.ConfigurationException;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.ReleasedVersion;
import dev.precept.dataset.verify.PulledFolderCheck;
import dev.precept.dataset.verify.Verification;
import dev.precept.runtime.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code precept verify}. Exit code 3 if it finds problems. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description =
                "Check every file of a dataset, version or pulled folder against its recorded hash, rows and ids.")
final class VerifyCommand implements Callable<Integer> {
    @Mixin
    private VersionArgument where = new VersionArgument();

    @Option(names = "--in", paramLabel = "DIR", description = "a pulled folder; needs no dataset")
    private @Nullable Path in;

    @Mixin
    private OutputOption output = new OutputOption();

    @Override
    public Integer call() throws IOException {
        if (in != null) {
            return verifyFolder(in);
        }
        VersionRef ref = where.ref();
        Dataset dataset = ref.openReadOnly();
        Verification.Result result = Verification.verify(dataset, ref.version(), InstantSource.system());
        if (output.isJson()) {
            printJson(ref.argument(), result);
        } else {
            printText(ref.argument(), result);
            ref.version().ifPresent(named -> printFiles(dataset, named));
        }
        return code(result);
    }

    private static void printFiles(Dataset dataset, String named) {
        ViewRows.lines(ReleasedVersion.resolve(dataset, named).manifest()).forEach(System.out::println);
    }

    private int verifyFolder(Path folder) throws IOException {
        if (where.isGiven()) {
            throw new ConfigurationException("--in " + folder + ": verifies a pulled folder, without a dataset");
        }
        PulledFolderCheck.Checked checked =
                PulledFolderCheck.verify(folder, Path.of(System.getProperty("java.io.tmpdir")));
        if (output.isJson()) {
            printJson(folder.toString(), checked.result());
        } else {
            printFolder(folder, checked);
        }
        return code(checked.result());
    }

    private static void printFolder(Path folder, PulledFolderCheck.Checked checked) {
        Verification.Result result = checked.result();
        result.problems().forEach(System.err::println);
        System.out.println((result.problems().isEmpty() ? "verified " : "not verified: ") + folder + ", version "
                + checked.manifest().version() + " (" + Count.of(result.files(), "file") + " read, "
                + Count.of(result.rows(), "row") + ", "
                + Count.of(result.problems().size(), "problem") + ")");
        ViewRows.lines(checked.manifest(), checked.parts()::contains).forEach(System.out::println);
    }

    private static int code(Verification.Result result) {
        return (result.problems().isEmpty() ? ExitCode.RELEASED : ExitCode.NOT_RELEASED).code();
    }

    private void printJson(String dataset, Verification.Result result) {
        ObjectNode json = OutputOption.object();
        json.put("dataset", dataset).put("verified", result.problems().isEmpty());
        json.put("commits", result.commits()).put("files", result.files()).put("rows", result.rows());
        ArrayNode problems = json.putArray("problems");
        result.problems()
                .forEach(problem -> problems.addObject()
                        .put("key", problem.key())
                        .put("what", problem.what())
                        .put("remedy", problem.remedy()));
        OutputOption.putAll(json, "orphans", result.orphans());
        OutputOption.putAll(json, "young", result.young());
        OutputOption.print(json);
    }

    private void printText(String dataset, Verification.Result result) {
        result.problems().forEach(System.err::println);
        result.orphans().forEach(key -> System.out.println(CommandName.in(key + ": not referenced; see 'precept gc'")));
        result.young()
                .forEach(key ->
                        System.out.println(key + ": recent, not referenced; may still be committed, or was merged"));
        System.out.println((result.problems().isEmpty() ? "verified " : "not verified: ") + dataset + " ("
                + Count.of(result.commits(), "commit") + ", " + Count.of(result.files(), "file") + " read, "
                + Count.of(result.rows(), "row") + ", "
                + Count.of(result.problems().size(), "problem") + ", "
                + Count.of(result.orphans().size(), "unreferenced file") + ", "
                + Count.of(result.young().size(), "recent file") + " skipped)");
    }
}
