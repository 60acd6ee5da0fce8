package dev.precept.cli.nemesis;

import dev.precept.kafka.KafkaAccess;
import dev.precept.records.Candidate;
import dev.precept.records.Completion;
import dev.precept.records.JudgingTask;
import dev.precept.records.ResponseStyle;
import dev.precept.records.Usage;
import dev.precept.records.Verdict;
import dev.precept.records.Vote;
import dev.precept.schemas.Namespace;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Writes records that a healthy run never needs: workers' answers once more, and a verdict on other bytes. */
final class Records {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private Records() {}

    /**
     * Publishes all candidates and verdicts so far once more, byte by byte.
     *
     * @return whether there were any of both
     */
    static boolean replay(Site site) {
        KafkaAccess access = access(site);
        for (Topic<?> topic : List.of(Topics.CANDIDATES, Topics.VERDICTS)) {
            List<TopicPartition> partitions =
                    access.partitionsOf(access.namespace().name(topic));
            List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
            try (Consumer<String, byte[]> consumer = access.consumer("replay", Map.of());
                    Producer<String, byte[]> producer = producer(site)) {
                consumer.assign(partitions);
                consumer.seekToBeginning(partitions);
                Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, PATIENCE);
                long deadline = System.nanoTime() + PATIENCE.toNanos();
                while (ends.entrySet().stream()
                                .anyMatch(end -> consumer.position(end.getKey(), PATIENCE) < end.getValue())
                        && System.nanoTime() - deadline < 0) {
                    consumer.poll(Duration.ofMillis(100)).forEach(records::add);
                }
                for (ConsumerRecord<String, byte[]> record : records) {
                    Future<?> _ = producer.send(
                            new ProducerRecord<>(record.topic(), record.partition(), record.key(), record.value()));
                }
            } catch (KafkaException unreachable) {
                return false; // another fault is under way
            }
            if (records.isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /**
     * Publishes a perfect verdict for each task of a judge, before the judge's own, on an answer that no model gave.
     *
     * @return whether there was a task
     */
    static boolean forge(Site site) {
        KafkaAccess access = access(site);
        Deserializer<JudgingTask> tasks = access.serdes().deserializer(Topics.JUDGING_TASKS);
        List<TopicPartition> partitions = access.partitionsOf(access.namespace().name(Topics.JUDGING_TASKS));
        int forged = 0;
        try (Consumer<String, byte[]> consumer = access.consumer("forger", Map.of());
                Producer<String, SpecificRecord> producer = access.producer("forger")) {
            consumer.assign(partitions);
            consumer.seekToEnd(partitions);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (forged < 5 && System.nanoTime() - deadline < 0) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    Verdict verdict = verdict(tasks.deserialize(record.topic(), record.value()));
                    Future<?> _ = producer.send(new ProducerRecord<>(
                            access.namespace().name(Topics.VERDICTS), record.partition(), record.key(), verdict));
                    forged++;
                }
                producer.flush();
            }
        } catch (KafkaException unreachable) {
            return forged > 0; // another fault is under way
        }
        return forged > 0;
    }

    private static Verdict verdict(JudgingTask task) {
        Candidate candidate = task.getCandidate();
        Completion completion = (Completion) candidate.getOutcome();
        Candidate other = Candidate.newBuilder(candidate)
                .setOutcome(Completion.newBuilder(completion)
                        .setAnswer(completion.getAnswer() + " And no model gave this.")
                        .build())
                .build();
        List<Vote> votes = new ArrayList<>();
        for (int vote = 1;
                vote <= candidate.getTask().getPrompt().getRunParameters().getVotes();
                vote++) {
            votes.add(Vote.newBuilder()
                    .setVote(vote)
                    .setCalls(1)
                    .setScore(10)
                    .setCriteria(Map.of())
                    .setResponseStyle(ResponseStyle.COMPLY)
                    .setReason("forged")
                    .setModel(Workload.MODEL)
                    .setEndpoint("none")
                    .setTemplate("none")
                    .setSeed(vote)
                    .setUsage(new Usage(0L, 0L, 0L, 0L))
                    .build());
        }
        return Verdict.newBuilder()
                .setTask(JudgingTask.newBuilder(task).setCandidate(other).build())
                .setVotes(votes)
                .setCreatedAt(Instant.now())
                .build();
    }

    private static KafkaAccess access(Site site) {
        String millis = String.valueOf(PATIENCE.toMillis());
        return KafkaAccess.fromSettings(
                new Namespace("nemesis"),
                Site.PARTITIONS,
                Map.of(
                        KafkaAccess.BOOTSTRAP,
                        site.address(),
                        KafkaAccess.REGISTRY,
                        site.registryUrl(),
                        "default.api.timeout.ms",
                        millis,
                        "request.timeout.ms",
                        millis,
                        "max.block.ms",
                        millis));
    }

    private static Producer<String, byte[]> producer(Site site) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", site.address(), "max.block.ms", PATIENCE.toMillis()),
                new StringSerializer(),
                new ByteArraySerializer());
    }
}
