package dev.precept.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.cli.terminal.CommandName;
import dev.precept.dataset.verify.Verification;
import dev.precept.runtime.ExitCode;
import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code precept verify}. Exit code 3 if it finds problems. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = "Check every file of a dataset or version against its recorded hash, rows and ids.")
final class VerifyCommand implements Callable<Integer> {
    @Mixin
    private VersionArgument where = new VersionArgument();

    @Mixin
    private OutputOption output = new OutputOption();

    @Override
    public Integer call() throws IOException {
        VersionRef ref = where.ref();
        Verification.Result result = Verification.verify(ref.openReadOnly(), ref.version(), InstantSource.system());
        if (output.isJson()) {
            printJson(ref.argument(), result);
        } else {
            printText(ref.argument(), result);
        }
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
                + result.commits() + " commits, " + result.files() + " files read, " + result.rows() + " rows, "
                + result.problems().size() + " problems, " + result.orphans().size() + " unreferenced files"
                + ", " + result.young().size() + " recent files skipped)");
    }
}
