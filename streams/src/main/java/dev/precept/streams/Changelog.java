package dev.precept.streams;

import dev.precept.kafka.KafkaAccess;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;

/** The changelog topics that the topology restores its stores from. */
public final class Changelog {
    private Changelog() {}

    /** The changelog topic of a store, as Kafka Streams names it. */
    public static String name(KafkaAccess kafka, String store) {
        return kafka.namespace().group(StreamsApp.ROLE) + "-" + store + "-changelog";
    }

    public static boolean exists(KafkaAccess kafka, String topic) throws InterruptedException {
        try (Admin admin = kafka.admin()) {
            return admin.listTopics().names().get().contains(topic);
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot list the topics", e.getCause());
        }
    }
}
