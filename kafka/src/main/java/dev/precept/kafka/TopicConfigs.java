package dev.precept.kafka;

import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The configuration of each topic of a dataset. */
final class TopicConfigs {
    /**
     * A broker never compacts the segment that it writes to, and every reader of a compacted topic reads it from its
     * beginning. So segments are small, and closed after ten minutes.
     */
    private static final Map<String, String> COMPACTED = Map.of(
            "cleanup.policy", "compact",
            "segment.bytes", String.valueOf(16 << 20),
            "segment.ms", "600000",
            "min.cleanable.dirty.ratio", "0.1",
            "max.compaction.lag.ms", "3600000");

    private static final Logger log = LoggerFactory.getLogger(TopicConfigs.class);

    private TopicConfigs() {}

    static Map<String, String> of(Topic<?> topic) {
        Map<String, String> configs = new HashMap<>();
        configs.put("max.message.bytes", String.valueOf(DatasetTopics.MAX_RECORD_BYTES));
        switch (topic.retention()) {
            case UNLIMITED -> configs.putAll(Map.of("retention.ms", "-1", "compression.type", "producer"));
            case COMPACTED -> configs.putAll(COMPACTED);
        }
        return configs;
    }

    /**
     * Sets what differs on existing topics, such as those that an earlier version created. A user without the grant to alter
     * topics gets a warning: the topics work as they are.
     */
    static void update(Admin admin, KafkaAccess kafka) throws ExecutionException, InterruptedException {
        Map<ConfigResource, Map<String, String>> required = new HashMap<>();
        for (Topic<?> topic : Topics.all()) {
            required.put(
                    new ConfigResource(
                            ConfigResource.Type.TOPIC, kafka.namespace().name(topic)),
                    of(topic));
        }
        try {
            Map<ConfigResource, Config> present =
                    admin.describeConfigs(required.keySet()).all().get();
            Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
            required.forEach((topic, configs) -> {
                List<AlterConfigOp> differing =
                        differing(configs, Objects.requireNonNull(present.get(topic), topic.name()));
                if (!differing.isEmpty()) {
                    changes.put(topic, differing);
                }
            });
            if (!changes.isEmpty()) {
                admin.incrementalAlterConfigs(changes).all().get();
                log.atInfo().addKeyValue("topics", names(changes.keySet())).log("changed the settings of topics");
            }
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof AuthorizationException)) {
                throw e;
            }
            log.atWarn()
                    .addKeyValue("cause", e.getCause().getMessage())
                    .log("cannot compare the settings of existing topics; grant DESCRIBE_CONFIGS and ALTER_CONFIGS");
        }
    }

    private static List<AlterConfigOp> differing(Map<String, String> required, Config present) {
        List<AlterConfigOp> differing = new ArrayList<>();
        required.forEach((key, value) -> {
            ConfigEntry entry = present.get(key);
            if (entry == null || !value.equals(entry.value())) {
                differing.add(new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET));
            }
        });
        return differing;
    }

    private static List<String> names(Collection<ConfigResource> topics) {
        return topics.stream().map(ConfigResource::name).sorted().toList();
    }
}
