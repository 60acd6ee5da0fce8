package dev.precept.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.config.ConfigurationException;
import dev.precept.kafka.KafkaAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RunFileTest {
    private static final RunFile RUN = new RunFile(
            "run-1",
            "cache_hit",
            8,
            Map.of("judge.votes", "3"),
            "{\"generator\":{\"samples\":2}}",
            Path.of("/recipes"));

    @TempDir
    private Path folder;

    private WorkFolder work;

    @BeforeEach
    void prepare() {
        work = new WorkFolder(folder);
    }

    @Test
    void aRunFileRoundTrips() {
        assertThat(RunFile.read(work)).isEmpty();
        RUN.write(work);
        assertThat(RunFile.read(work)).contains(RUN);
        assertThat(RUN.effectiveRecipe().section("generator").integer("samples", 1, 1, 16, "how many"))
                .isEqualTo(2);
    }

    @Test
    void theBrokerAddressIsStoredForProcessesThatJoinLater() {
        assertThat(RunFile.readBrokerAddress(work)).isEmpty();
        RunFile.writeBrokerAddress(work, "127.0.0.1:9");
        assertThat(RunFile.readBrokerAddress(work)).contains("127.0.0.1:9");
    }

    @Test
    void clientSettingsExcludeTheRegistry() {
        KafkaAccess access =
                RUN.access(work, "127.0.0.1:9", Map.of("client.rack", "a", "bootstrap.servers", "other:1"));
        assertThat(access.settings()).isEqualTo(Map.of("client.rack", "a"));
        assertThat(access.bootstrapServers()).isEqualTo("127.0.0.1:9");
        assertThat(access.partitions()).isEqualTo(8);
        assertThat(work.resolve("schemas.json")).exists();
    }

    @Test
    void aConfiguredRegistryLeavesNoIdsInTheFolder() {
        RUN.access(work, "127.0.0.1:9", Map.of("schema.registry.url", "mock://configured"));
        assertThat(work.resolve("schemas.json")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[", "{\"run_id\": \"x\"}"})
    void anInvalidRunFileIsRejectedWithItsPath(String text) throws IOException {
        Files.writeString(work.resolve("run.json"), text);
        assertThatThrownBy(() -> RunFile.read(work))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(work.resolve("run.json").toString());
    }
}
