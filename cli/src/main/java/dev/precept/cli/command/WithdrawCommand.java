package dev.precept.cli.command;

import dev.precept.cli.run.CommandAudit;
import dev.precept.dataset.Audit;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.DatasetLocation;
import dev.precept.dataset.release.Release;
import dev.precept.dataset.removal.Withdraw;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code precept withdraw}: a version without some rows, which no later version has either. */
@Command(
        name = "withdraw",
        mixinStandardHelpOptions = true,
        description = {
            "Makes a version without some rows of another, and records why; every later version of the dataset leaves "
                    + "them out too.",
            "The older versions stay as they are; 'precept purge' is for what must not exist any more."
        })
final class WithdrawCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DATASET@NAME", description = "the version to make the new one from")
    private String version = "";

    @Option(names = "--as", paramLabel = "NAME", required = true, description = "the name of the new version")
    private String name = "";

    @Option(
            names = "--why",
            paramLabel = "TEXT",
            required = true,
            description = "the reason, as manifests will name it")
    private String why = "";

    @ArgGroup(multiplicity = "1")
    private RowSelectorOption which = new RowSelectorOption();

    @Override
    public Integer call() throws IOException {
        VersionRef named = VersionRef.of(version);
        Dataset dataset = Dataset.openExisting(DatasetLocation.of(named.dataset()));
        Release.requireNameFree(dataset, name);
        if (!why.isBlank()) { // without a reason nothing is withdrawn
            CommandAudit.record(
                    dataset,
                    Audit.Action.WITHDRAW,
                    Map.of(
                            "version", name,
                            "from", dataset.versions().resolve(named.version()),
                            "which", which.read().describe(),
                            "why", why.strip()));
        }
        return ReleaseCommand.runWithDrafts(
                drafts -> Withdraw.execute(dataset, named.version(), which.read(), why, name, drafts));
    }
}
