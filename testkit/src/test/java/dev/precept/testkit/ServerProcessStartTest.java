package dev.precept.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServerProcessStartTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    private Set<Long> before = Set.of();

    @BeforeEach
    void listChildren() {
        before = children();
    }

    private static Set<Long> children() {
        return ProcessHandle.current().children().map(ProcessHandle::pid).collect(Collectors.toSet());
    }

    private void await(Duration patience, Callable<Boolean> answers) {
        List<String> waiting =
                List.of("-Xmx64m", "-cp", System.getProperty("java.class.path"), JvmTest.Child.class.getName(), "wait");
        ServerProcess child = ServerProcess.start(folder.resolve("output"), Map.of(), waiting);
        assertThat(children()).hasSize(before.size() + 1);
        child.await("it", patience, answers);
    }

    @Test
    void aServerThatDoesNotAnswerIsKilled() {
        assertThatThrownBy(() -> await(Duration.ofMillis(300), () -> false))
                .isInstanceOf(ConditionTimeoutException.class);
        assertThat(children()).isEqualTo(before);
    }

    @Test
    void aServerWhoseProbeFailsIsKilled() {
        IOException reset = new IOException("connection reset");
        assertThatThrownBy(() -> await(PATIENCE, () -> {
                    throw reset;
                }))
                .isSameAs(reset);
        assertThat(children()).isEqualTo(before);
    }

    @Test
    void aServerWhoseProbeThrowsAnErrorIsKilled() {
        assertThatThrownBy(() -> await(PATIENCE, () -> {
                    throw new AssertionError("wrong");
                }))
                .isInstanceOf(AssertionError.class);
        assertThat(children()).isEqualTo(before);
    }
}
