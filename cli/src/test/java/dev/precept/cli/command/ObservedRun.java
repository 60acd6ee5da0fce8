package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.kafka.KafkaAccess;
import dev.precept.kafka.SchemaFile;
import dev.precept.records.PartitionProgress;
import dev.precept.runtime.RunFile;
import dev.precept.runtime.WorkFolder;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** A run of the starter while a plain consumer with the Confluent deserializer reads every topic. */
final class ObservedRun {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final WorkFolder work;
    private final Set<String> topics = new TreeSet<>();
    private final List<PartitionProgress> progress = new ArrayList<>();
    private final CompletableFuture<CommandResult> running = new CompletableFuture<>();

    private ObservedRun(Path work) {
        this.work = new WorkFolder(work);
    }

    /** Runs the starter to completion in the folders {@code work} and {@code dataset}. */
    static ObservedRun ofTheStarter(Path folder) throws InterruptedException, ExecutionException {
        ObservedRun run = new ObservedRun(folder.resolve("work"));
        // Not on the common pool: with two cores it has one thread, which the HTTP client needs.
        Thread.ofPlatform()
                .name("run")
                .start(() -> run.running.complete(CommandResult.run(
                        "run",
                        "--work",
                        folder.resolve("work").toString(),
                        "--dataset",
                        folder.resolve("dataset").toString())));
        run.read();
        run.running.get();
        return run;
    }

    CommandResult result() {
        return running.join();
    }

    /** The topics with records, without prefix. */
    Set<String> topics() {
        return topics;
    }

    List<PartitionProgress> progress() {
        return progress;
    }

    private void read() {
        await().atMost(Duration.ofMinutes(2))
                .until(() -> running.isDone() || RunFile.readBrokerAddress(work).isPresent());
        RunFile run = RunFile.read(work).orElseThrow();
        String address = RunFile.readBrokerAddress(work).orElseThrow();
        KafkaAccess access = run.access(work, address, Map.of());
        try (KafkaConsumer<String, Object> consumer = plainConsumer(access)) {
            List<TopicPartition> all = new ArrayList<>();
            for (Topic<?> topic : Topics.all()) {
                for (int partition = 0; partition < access.partitions(); partition++) {
                    all.add(new TopicPartition(access.namespace().name(topic), partition));
                }
            }
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Instant deadline = Instant.now().plus(Duration.ofMinutes(3));
            while (!running.isDone()) {
                assertThat(Instant.now()).as("the run has ended").isBefore(deadline);
                for (ConsumerRecord<String, Object> record : consumer.poll(Duration.ofMillis(100))) {
                    String topic = record.topic().substring(record.topic().indexOf('.') + 1);
                    topics.add(topic);
                    if (record.value() instanceof PartitionProgress partitionProgress) {
                        progress.add(partitionProgress);
                    }
                }
            }
        }
    }

    private KafkaConsumer<String, Object> plainConsumer(KafkaAccess access) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", access.bootstrapServers());
        settings.put("isolation.level", "read_committed");
        KafkaAvroDeserializer values = new KafkaAvroDeserializer();
        values.configure(
                Map.of(
                        "schema.registry.url",
                        SchemaFile.seed(work.resolve("schemas.json"), access.namespace()),
                        "specific.avro.reader",
                        true),
                false);
        return new KafkaConsumer<>(settings, new StringDeserializer(), values);
    }

    JsonNode status() {
        CommandResult status = CommandResult.run("status", "--work", work.root().toString(), "--json");
        assertThat(status.code()).isZero();
        try {
            return JSON.readTree(status.out());
        } catch (IOException e) {
            throw new AssertionError("status --json printed: " + status.out(), e);
        }
    }

    /** The first column of a DuckDB query. */
    static List<String> query(String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                ResultSet result = connection.createStatement().executeQuery(sql)) {
            while (result.next()) {
                rows.add(result.getString(1));
            }
        }
        return rows;
    }
}
