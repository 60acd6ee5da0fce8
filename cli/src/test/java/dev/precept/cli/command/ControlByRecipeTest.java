package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.kafka.DatasetTopics;
import dev.precept.kafka.EmbeddedBroker;
import dev.precept.kafka.KafkaAccess;
import dev.precept.records.Run;
import dev.precept.records.Spend;
import dev.precept.runs.RunControl;
import dev.precept.schemas.Namespace;
import dev.precept.schemas.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run on a cluster is controlled from any machine by its recipe: no work folder, no dataset. */
class ControlByRecipeTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static EmbeddedBroker broker;

    @BeforeAll
    static void registerRuns() throws Exception {
        broker = EmbeddedBroker.start(folder.resolve("kafka"), 0);
        KafkaAccess kafka = access("many");
        DatasetTopics.ensure(kafka, (short) 1);
        for (String run : new String[] {"finished", "first", "second"}) {
            register(kafka, run);
        }
        complete(kafka, "finished");
        KafkaAccess spending = access("spending");
        DatasetTopics.ensure(spending, (short) 1);
        register(spending, "spending");
        spend(spending, "spending", 6_000, 2.5);
        KafkaAccess single = access("single");
        DatasetTopics.ensure(single, (short) 1);
        register(single, "finished");
        register(single, "only");
        complete(single, "finished");
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void theRunOfTheRecipeIsPausedResumedAndCancelled() throws IOException {
        String recipe = recipe("many", "run: first");
        assertThat(CommandResult.done("pause", "--recipe", recipe)).isEqualTo("run first: paused\n");
        assertThat(settings("many", "first").paused()).isTrue();
        assertThat(settings("many", "second").paused()).isFalse();
        assertThat(CommandResult.done("resume", "--recipe", recipe, "--tokens", "5000"))
                .startsWith("run first: resumed");
        assertThat(settings("many", "first").paused()).isFalse();
        assertThat(settings("many", "first").budget()).matches(budget -> budget != null && budget.getTokens() == 5000);
        assertThat(CommandResult.done("cancel", "--recipe", recipe, "--run", "second"))
                .startsWith("run second: cancelled");
        assertThat(settings("many", "second").cancelled()).isTrue();
        assertThat(settings("many", "first").cancelled()).isFalse();
        assertThat(CommandResult.done("status", "--recipe", recipe)).startsWith("run first: open, running");
        assertThat(CommandResult.done("redrive", "--recipe", recipe))
                .isEqualTo("redrive: reissued the tasks of 0 stuck slots; 0 open slots wait for a worker\n");
    }

    @Test
    void aBudgetThatIsSpentIsRefused() throws IOException {
        String recipe = recipe("spending", "");
        String remedy = ", so no call would be made; give a larger total";
        refused(
                "--tokens 6000: the run has spent 6,000 tokens" + remedy,
                "resume",
                "--recipe",
                recipe,
                "--tokens",
                "6000");
        refused("--usd 2.5: the run has spent $2.50" + remedy, "resume", "--recipe", recipe, "--usd", "2.5");
        assertThat(settings("spending", "spending").budget()).isNull();
        assertThat(CommandResult.done("resume", "--recipe", recipe, "--tokens", "6001", "--usd", "2.51"))
                .startsWith("run spending: resumed");
    }

    @Test
    void theOnlyOpenRunNeedsNoName() throws IOException {
        assertThat(CommandResult.done("status", "--recipe", recipe("single", "")))
                .startsWith("run only: open, running");
        refused("has several open runs: first, second; give --run NAME", "pause", "--recipe", recipe("many", ""));
    }

    @Test
    void aRunThatIsCompleteOrUnknownIsRefused() throws IOException {
        String recipe = recipe("many", "");
        refused("run finished is complete", "cancel", "--recipe", recipe, "--run", "finished");
        refused("run finished is complete", "redrive", "--recipe", recipe, "--run", "finished");
        refused(
                "run third: is not registered in topic many.runs at " + broker.address()
                        + ", whose runs are finished, first, second",
                "pause",
                "--recipe",
                recipe,
                "--run",
                "third");
        refused("topics.prefix: there is no topic none.runs", "pause", "--recipe", recipe("none", ""));
    }

    @Test
    void aRecipeWithoutItsOwnKafkaNamesADataset() throws IOException {
        Path dataset = folder.resolve("no-dataset");
        Path file = Files.writeString(folder.resolve("embedded.yaml"), "run: first\ndataset: " + dataset + "\n");
        refused(dataset.toString(), "pause", "--recipe", file.toString());
        refused(
                "--work, --dataset and --recipe: give one of them",
                "pause",
                "--recipe",
                file.toString(),
                "--work",
                "work");
    }

    private static void refused(String problem, String... command) {
        CommandResult result = CommandResult.run(command);
        assertThat(result.code()).as(result.err()).isEqualTo(2);
        assertThat(result.err()).contains(problem).doesNotContain("Exception");
    }

    private static RunControl.ControlSettings settings(String prefix, String run) {
        try (RunControl control = new RunControl(access(prefix), run)) {
            return control.settings();
        }
    }

    /** Also while another run is open: a run that was cancelled may still be. */
    private static void register(KafkaAccess kafka, String run) throws Exception {
        try (Producer<String, SpecificRecord> producer = kafka.producer("runs")) {
            producer.send(new ProducerRecord<>(
                            kafka.namespace().name(Topics.RUNS),
                            run,
                            new Run(run, "{}", 1, Instant.now(), false, false, null)))
                    .get();
        }
    }

    private static void spend(KafkaAccess kafka, String run, long tokens, double usd) throws Exception {
        try (Producer<String, SpecificRecord> producer = kafka.producer("test")) {
            producer.send(new ProducerRecord<>(
                            kafka.namespace().name(Topics.SPEND),
                            run + "|w",
                            Spend.newBuilder()
                                    .setRunId(run)
                                    .setWorker("w")
                                    .setRole("judge")
                                    .setCalls(1)
                                    .setCallsByOutcome(Map.of())
                                    .setPromptTokens(tokens)
                                    .setCompletionTokens(0)
                                    .setUsd(usd)
                                    .setAsOf(Instant.now())
                                    .build()))
                    .get();
        }
    }

    private static void complete(KafkaAccess kafka, String run) throws Exception {
        try (Producer<String, SpecificRecord> producer = kafka.producer("test")) {
            producer.send(new ProducerRecord<>(
                            kafka.namespace().name(Topics.PROGRESS), run + "|0", RunRecords.complete(run)))
                    .get();
        }
    }

    private static KafkaAccess access(String prefix) {
        return KafkaAccess.fromSettings(new Namespace(prefix), 1, clients());
    }

    private static Map<String, String> clients() {
        return Map.of(
                KafkaAccess.BOOTSTRAP,
                broker.address(),
                KafkaAccess.REGISTRY,
                "file:" + folder.resolve("schemas.json"));
    }

    /** A recipe as a pod has it; its prompts, specification and bucket are not on this machine. */
    private static String recipe(String prefix, String more) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "recipe", ".yaml"), """
                %s
                dataset: s3://no-such-bucket/dataset
                prompts: {files: [/not/here.jsonl]}
                spec: /not/here
                topics: {prefix: %s, partitions: 1}
                generator: {url: 'http://127.0.0.1:9/v1', api_key_env: NOT_SET}
                kafka: {bootstrap.servers: '%s', schema.registry.url: 'file:%s'}
                """.formatted(
                                more, prefix, broker.address(), folder.resolve("schemas.json")))
                .toString();
    }
}
