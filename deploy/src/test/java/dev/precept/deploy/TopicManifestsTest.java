package dev.precept.deploy;

import static dev.precept.deploy.Manifest.elements;
import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.schemas.Namespace;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TopicManifestsTest {
    private static final Namespace PRECEPT = new Namespace("precept");
    private static final Path STRIMZI = Overlay.k8s().resolve("components/strimzi");

    @Test
    void theManifestsMatchTheTopicCatalogue() throws IOException {
        assertThat(Files.readString(STRIMZI.resolve("topics.yaml")))
                .isEqualTo(
                        Topics.all().stream().map(TopicManifestsTest::document).collect(Collectors.joining()));
    }

    @Test
    void everyTopicExceptDeadLettersHasAReader() {
        assertThat(granted("Read"))
                .contains("precept.prompts", "precept.samples", "precept.rejections", "precept.runs");
        List<String> unread = Topics.all().stream()
                .map(PRECEPT::name)
                .filter(topic -> !granted("Read").contains(topic))
                .toList();
        assertThat(unread).containsExactly("precept.dead-letters");
    }

    @Test
    void everyTopicHasAWriter() {
        assertThat(granted("Write"))
                .containsAll(Topics.all().stream().map(PRECEPT::name).toList());
    }

    @Test
    void noGrantNamesATopicOutsideTheCatalogue() {
        List<String> known = Topics.all().stream().map(PRECEPT::name).toList();
        assertThat(users().stream()
                        .flatMap(user -> elements(user.spec().at("/authorization/acls")))
                        .filter(acl -> acl.at("/resource/type").asText().equals("topic")
                                && acl.at("/resource/patternType").asText().equals("literal"))
                        .map(acl -> acl.at("/resource/name").asText()))
                .isSubsetOf(known);
    }

    @Test
    void onlyTheTopologyUsesTransactionsAndOnlyTheAdminDeletes() {
        assertThat(holders("transactionalId", "Write")).containsExactly("precept-streams");
        assertThat(holders("topic", "Delete")).containsExactly("precept-admin");
        assertThat(holders("group", "Read"))
                .containsExactlyInAnyOrder(
                        "precept-generator", "precept-judge", "precept-streams", "precept-sink", "precept-admin");
    }

    private static String document(Topic<?> topic) {
        Map<String, String> config = new TreeMap<>(
                switch (topic.retention()) {
                    case UNLIMITED ->
                        Map.of(
                                "retention.ms",
                                "-1",
                                "max.message.bytes",
                                "4194304",
                                "compression.type",
                                "\"producer\"");
                    case COMPACTED ->
                        Map.of(
                                "cleanup.policy",
                                "\"compact\"",
                                "max.message.bytes",
                                "4194304",
                                "max.compaction.lag.ms",
                                "3600000",
                                "min.cleanable.dirty.ratio",
                                "\"0.1\"",
                                "segment.bytes",
                                "16777216",
                                "segment.ms",
                                "600000");
                });
        return """
                ---
                apiVersion: kafka.strimzi.io/v1
                kind: KafkaTopic
                metadata:
                  name: %1$s
                  labels:
                    strimzi.io/cluster: precept
                spec:
                  topicName: %1$s
                  partitions: %2$s
                  replicas: 3
                  config:
                """.formatted(PRECEPT.name(topic), topic.partitions() == Topic.Partitions.SHARDS ? 1 : 8)
                + config.entrySet().stream()
                        .map(entry -> "    " + entry.getKey() + ": " + entry.getValue() + "\n")
                        .collect(Collectors.joining());
    }

    /** Names of the resources for which some user has the operation. */
    private static List<String> granted(String operation) {
        return users().stream()
                .flatMap(user -> elements(user.spec().at("/authorization/acls")))
                .filter(acl -> Manifest.texts(acl.path("operations")).contains(operation))
                .map(acl -> acl.at("/resource/name").asText())
                .toList();
    }

    private static List<String> holders(String type, String operation) {
        return users().stream()
                .filter(user -> elements(user.spec().at("/authorization/acls"))
                        .anyMatch(acl -> acl.at("/resource/type").asText().equals(type)
                                && Manifest.texts(acl.path("operations")).contains(operation)))
                .map(Manifest::name)
                .toList();
    }

    private static List<Manifest> users() {
        try {
            return Overlay.documents(Files.readString(STRIMZI.resolve("users.yaml")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
