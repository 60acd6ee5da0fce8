package dev.precept.dataset.concurrent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.RowSelector;
import dev.precept.dataset.read.Pull;
import dev.precept.dataset.release.Release;
import dev.precept.dataset.release.ReleaseSettings;
import dev.precept.dataset.removal.AbandonedRelease;
import dev.precept.dataset.removal.Compaction;
import dev.precept.dataset.removal.OrphanFiles;
import dev.precept.dataset.removal.Purge;
import dev.precept.dataset.removal.Withdraw;
import dev.precept.dataset.verify.Verification;
import dev.precept.store.ObjectStore;
import dev.precept.store.location.StoreLocation;
import dev.precept.store.s3.S3Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Commands on a dataset, as the programs of the project execute them. For one thread. */
final class Commands {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PARTITIONS = 2;

    /** As the least that {@code precept gc} accepts without {@code --force}. */
    private static final Duration OLDER_THAN = Duration.ofHours(1);

    /** Two or three files of a scenario fit. */
    private static final long FILE_BYTES = 60_000;

    private @Nullable ObjectStore store;

    /** Executes a command; its store calls wait at the gate. */
    ObjectNode execute(JsonNode command, CommandGate gate)
            throws IOException, Pull.CorruptFileException, InterruptedException {
        if (command.path("name").asText().equals("open")) {
            StoreLocation location = StoreLocation.of(command.path("store").asText(), S3Settings.fromEnvironment());
            Dataset.open(location, PARTITIONS);
            store = location.open();
            return JSON.createObjectNode();
        } else if (store == null) {
            throw new IllegalStateException("no store is open");
        }
        Dataset dataset = Dataset.openExisting(new GatedStore(store, gate));
        Path spool = Path.of(command.path("spool").asText());
        return switch (command.path("name").asText()) {
            case "register" -> register(dataset, command);
            case "sink" -> new SinkCommand(dataset, spool).execute(command);
            case "release" -> release(dataset, command, spool);
            case "withdraw" -> withdraw(dataset, command, spool);
            case "purge" -> purge(dataset, command, spool);
            case "abandon" -> abandon(dataset, command);
            case "compact" -> compact(dataset, spool);
            case "gc" -> gc(dataset);
            case "verify" -> verify(dataset);
            case "pull" -> pull(dataset, command);
            default -> throw new IllegalArgumentException(command.toString());
        };
    }

    private static ObjectNode register(Dataset dataset, JsonNode command) {

        dataset.register(
                command.path("run").asText(),
                "{\"sources\":[\"prompts.jsonl\"],\"spec\":\"" + SinkCommand.SPECIFICATION + "\"}",
                SinkCommand.TOPIC_IDS);
        dataset.storeSpecification(SinkCommand.SPECIFICATION, SinkCommand.BUNDLE);
        return JSON.createObjectNode();
    }

    private static ObjectNode release(Dataset dataset, JsonNode command, Path spool) throws IOException {
        ReleaseSettings settings = new ReleaseSettings(
                command.path("version").asText(),
                ReleaseSettings.views(texts(command.path("views"))),
                command.path("shards").asInt(),
                command.path("validation").asDouble(),
                3);
        return result(AbandonedRelease.cleanUpAfter(
                dataset,
                settings.name(),
                () -> command.has("from")
                        ? Release.makeFrom(dataset, command.path("from").asText(), settings, spool)
                        : Release.make(dataset, settings, spool)));
    }

    private static ObjectNode withdraw(Dataset dataset, JsonNode command, Path spool) throws IOException {
        return result(Withdraw.execute(
                dataset,
                command.path("from").asText(),
                selector(command),
                command.path("why").asText(),
                command.path("version").asText(),
                spool));
    }

    private static ObjectNode result(Release.Result result) {
        return JSON.createObjectNode().put("result", result.getClass().getSimpleName());
    }

    private static ObjectNode purge(Dataset dataset, JsonNode command, Path spool) throws IOException {
        Purge.execute(dataset, selector(command), command.path("why").asText(), spool);
        return JSON.createObjectNode();
    }

    private static ObjectNode abandon(Dataset dataset, JsonNode command) throws IOException {
        AbandonedRelease.deleteFiles(
                dataset, Release.abandon(dataset, command.path("version").asText(), "given up"));
        return JSON.createObjectNode();
    }

    private static ObjectNode compact(Dataset dataset, Path spool) throws IOException {
        Compaction.Outcome outcome = Compaction.execute(dataset, spool, FILE_BYTES);
        return JSON.createObjectNode().put("result", "merged" + outcome.before().files());
    }

    private static ObjectNode gc(Dataset dataset) throws IOException {
        List<String> deleted = new ArrayList<>();
        OrphanFiles.find(dataset, OLDER_THAN).delete(file -> deleted.add(file.key()));
        return JSON.createObjectNode().set("deleted", JSON.valueToTree(deleted));
    }

    private static ObjectNode verify(Dataset dataset) throws IOException {
        Verification.Result result = Verification.verify(dataset, Optional.empty(), InstantSource.system());
        ObjectNode report = JSON.createObjectNode();
        result.problems().forEach(problem -> report.withArray("problems").add(problem.toString()));
        result.orphans().forEach(orphan -> report.withArray("orphans").add(orphan));
        return report;
    }

    private static ObjectNode pull(Dataset dataset, JsonNode command)
            throws IOException, Pull.CorruptFileException, InterruptedException {
        Pull pull = Pull.prepare(
                dataset,
                command.path("version").asText(),
                command.path("view").asText(),
                Path.of(command.path("to").asText()));
        pull.copy(2, file -> {});
        return JSON.createObjectNode().put("version", pull.version());
    }

    private static RowSelector selector(JsonNode command) {
        return command.has("sample")
                ? new RowSelector.BySample(Set.of(command.path("sample").asText()), Set.of())
                : new RowSelector.BySource(command.path("source").asText());
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(each -> texts.add(each.asText()));
        return texts;
    }
}
