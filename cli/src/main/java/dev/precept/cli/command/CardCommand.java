package dev.precept.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.config.ConfigurationException;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.Layout;
import dev.precept.dataset.Refs;
import dev.precept.dataset.ReleasedVersion;
import dev.precept.dataset.evidence.EvidenceCheck;
import dev.precept.dataset.spool.Parallel;
import dev.precept.runtime.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code precept card}. Exit code 3 if a number is another one than that of the files. */
@Command(
        name = "card",
        mixinStandardHelpOptions = true,
        description = "Print the card of a version: how far its samples can be trusted.")
final class CardCommand implements Callable<Integer> {
    /** More would not help to find the cause. */
    private static final int MOST_PRINTED = 10;

    @Mixin
    private VersionArgument where = new VersionArgument();

    @Option(
            names = "--check",
            description = "compute every number of the evidence again from the files of the dataset, and compare")
    private boolean check;

    @Mixin
    private SpoolOptions spool = new SpoolOptions();

    @Mixin
    private OutputOption output = new OutputOption();

    @Override
    public Integer call() throws IOException {
        VersionRef ref = where.refOrDefault();
        Dataset dataset = ref.openReadOnly();
        ReleasedVersion version = ReleasedVersion.resolve(dataset, ref.version().orElse(Refs.LATEST));
        return check ? check(dataset, version) : print(dataset, version);
    }

    private int print(Dataset dataset, ReleasedVersion version) throws IOException {
        if (output.isJson()) {
            JsonNode evidence = version.manifest()
                    .evidence()
                    .orElseThrow(() -> new ConfigurationException(
                            "version " + version.name() + " has no evidence: an earlier build released it"));
            ObjectNode json = OutputOption.object().put("version", version.name());
            OutputOption.print(json.set("evidence", evidence));
        } else {
            String key = Layout.card(version.name());
            byte[] card = dataset.store()
                    .read(key)
                    .orElseThrow(() -> new IOException(
                            dataset.location() + "/" + key + " is missing; 'precept verify'" + " lists what else is"));
            System.out.print(withoutFrontMatter(new String(card, StandardCharsets.UTF_8)));
        }
        return ExitCode.RELEASED.code();
    }

    private static String withoutFrontMatter(String card) {
        int end = card.startsWith("---\n") ? card.indexOf("\n---\n") : -1;
        return end < 0 ? card : card.substring(end + "\n---\n".length()).stripLeading();
    }

    private int check(Dataset dataset, ReleasedVersion version) throws IOException {
        EvidenceCheck.Result result = EvidenceCheck.check(dataset, version, spool.open(), Parallel.threads());
        boolean isEqual = result.differences().isEmpty();
        if (output.isJson()) {
            ObjectNode json = OutputOption.object()
                    .put("version", version.name())
                    .put("checked", isEqual)
                    .put("numbers", result.numbers());
            ArrayNode differences = json.putArray("differences");
            result.differences()
                    .forEach(difference -> differences
                            .addObject()
                            .put("number", difference.number())
                            .put("recorded", difference.recorded())
                            .put("computed", difference.computed()));
            json.put("attempts_only", result.isOfAttemptsOnly());
            OutputOption.putAll(json, "purged_since", result.purged());
            OutputOption.print(json);
        } else {
            result.differences().stream()
                    .limit(MOST_PRINTED)
                    .forEach(difference -> System.err.println(difference.number() + ": the manifest says "
                            + difference.recorded() + ", the files give " + difference.computed()));
            if (!isEqual && !result.purged().isEmpty()) {
                System.err.println("purged since the version was made: " + String.join("; ", result.purged())
                        + "; rejected attempts among these rows are not counted any more");
            }
            if (result.isOfAttemptsOnly()) {
                System.err.println("numbers of samples are not compared: the version keeps rejected attempts and has no"
                        + " view with their ids");
            }
            System.out.println((isEqual ? "checked " : "not as recorded: ") + dataset.location() + "@" + version.name()
                    + " (" + result.numbers() + " numbers and hashes, "
                    + result.differences().size() + (result.differences().size() == 1 ? " differs)" : " differ)"));
        }
        return (isEqual ? ExitCode.RELEASED : ExitCode.NOT_RELEASED).code();
    }
}
