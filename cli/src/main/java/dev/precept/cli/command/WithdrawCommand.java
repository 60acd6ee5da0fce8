package dev.precept.cli.command;

import dev.precept.cli.run.CommandAudit;
import dev.precept.dataset.Audit;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.release.Release;
import dev.precept.dataset.removal.RemovalTemplates;
import dev.precept.dataset.removal.Withdraw;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code precept withdraw}. */
@Command(
        name = "withdraw",
        mixinStandardHelpOptions = true,
        description = {
            "Make a version without some rows of another. Later versions leave the rows out too.",
            "Older versions keep the rows; 'precept purge' deletes rows for good."
        })
final class WithdrawCommand implements Callable<Integer> {
    @Mixin
    private VersionArgument version = new VersionArgument();

    @Option(names = "--as", paramLabel = "NAME", required = true, description = "name of the new version")
    private String name = "";

    @Mixin
    private RemovalOptions removal = new RemovalOptions();

    @Mixin
    private RemovalTemplateOptions templates = new RemovalTemplateOptions();

    @Mixin
    private SpoolOptions spool = new SpoolOptions();

    @Mixin
    private OutputOption output = new OutputOption();

    @Override
    public Integer call() throws IOException {
        RemovalTemplates chatTemplates = templates.read();
        VersionRef ref = version.ref();
        String from = ref.requireVersion();
        Dataset dataset = ref.openExisting();
        Release.requireNameFree(dataset, name);
        if (!removal.why().isBlank()) { // Withdraw.execute refuses a blank reason
            CommandAudit.record(
                    dataset,
                    Audit.Action.WITHDRAW,
                    Map.of(
                            "version", name,
                            "from", dataset.versions().resolve(from),
                            "which", removal.rows().describe(),
                            "why", removal.why().strip()));
        }
        return spool.runIn(
                output,
                drafts -> Withdraw.execute(dataset, from, removal.rows(), removal.why(), name, chatTemplates, drafts));
    }
}
