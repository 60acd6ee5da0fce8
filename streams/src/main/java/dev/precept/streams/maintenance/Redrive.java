package dev.precept.streams.maintenance;

import dev.precept.consumer.CommittedOffsets;
import dev.precept.kafka.KafkaAccess;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;

/**
 * Issues the tasks of stuck slots again: slots that wait for an answer that no process will give. All roles may run
 * meanwhile. A task is issued again only if the workers have finished it, the topology has read every answer that was
 * published until then, and the slot still waits. This uses no attempt: the ledger accepts one answer, and counts any other
 * as stale.
 *
 * @param reissued slots whose task was issued again
 * @param pending open slots whose task the workers have not finished
 * @param lost stuck slots whose task is neither in its topic nor can be made again
 * @param unread answers that the topology had not read when the patience ended; if there are any, nothing was issued
 */
public record Redrive(long reissued, long pending, long lost, long unread) {
    private static final int SLOTS_IN_MEMORY = 1_000_000;

    /**
     * Finds the stuck slots of a run and issues their tasks; returns after the broker has acknowledged all.
     *
     * @param patience how long to wait for the topology while it makes no progress
     */
    public static Redrive reissueTasks(KafkaAccess kafka, String runId, Duration patience) throws InterruptedException {
        return reissueTasks(kafka, runId, patience, SLOTS_IN_MEMORY);
    }

    /** @param slotsInMemory more open slots are read in several passes */
    public static Redrive reissueTasks(KafkaAccess kafka, String runId, Duration patience, int slotsInMemory)
            throws InterruptedException {
        try (Admin admin = kafka.admin()) {
            // In this order: the answer of a task that is finished now is below the ends that are read next, and a slot
            // that
            // waits after these answers have been read waits for an answer that does not exist.
            Map<TopicPartition, CommittedOffsets> finished = finished(kafka, admin);
            long unread = new CatchUp(kafka, admin).await(patience);
            if (unread > 0) {
                return new Redrive(0, 0, 0, unread);
            }
            try (StuckTasks stuck = new StuckTasks(kafka, runId, finished)) {
                new OpenSlots(kafka, runId, slotsInMemory).forEachShare(stuck::reissue);
                return stuck.result();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot redrive run " + runId, e.getCause());
        }
    }

    private static Map<TopicPartition, CommittedOffsets> finished(KafkaAccess kafka, Admin admin)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, CommittedOffsets> finished = new HashMap<>();
        for (TaskKind<?> tasks : TaskKind.ALL) {
            String topic = kafka.namespace().name(tasks.topic());
            admin.listConsumerGroupOffsets(kafka.namespace().group(tasks.group()))
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .forEach((partition, commit) -> {
                        if (commit != null && partition.topic().equals(topic)) {
                            finished.put(partition, CommittedOffsets.of(commit));
                        }
                    });
        }
        return finished;
    }
}
