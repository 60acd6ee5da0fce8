package dev.precept.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SubstrateTest {
    @TempDir
    private Path folder;

    private final List<String> events = new ArrayList<>();

    private String before = "";

    @BeforeEach
    void saveProperty() {
        before = System.getProperty(Substrate.PROPERTY, "");
    }

    @AfterEach
    void restore() {
        System.setProperty(Substrate.PROPERTY, before);
    }

    private Substrate substrate(String chosen) {
        System.setProperty(Substrate.PROPERTY, chosen);
        return Substrate.open(folder);
    }

    private Substrate.Broker broker() {
        events.add("started");
        return new Substrate.Broker("127.0.0.1:1", () -> events.add("ended"));
    }

    @Test
    void byDefaultNoUnusedServerIsStarted() {
        try (Substrate substrate = substrate("")) {
            assertThat(substrate.registry(folder)).isEqualTo("file:" + folder.resolve("schemas.json"));
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aServerStartsOnceAndStopsWithTheSubstrate() {
        try (Substrate substrate = substrate("embedded")) {
            assertThat(substrate.broker(this::broker)).isEqualTo("127.0.0.1:1");
            assertThat(substrate.broker(this::broker)).isEqualTo("127.0.0.1:1");
            assertThat(events).containsExactly("started");
        }
        assertThat(events).containsExactly("started", "ended");
    }

    @Test
    void theStoreHasEveryRequestedBucket() {
        try (Substrate substrate = substrate("embedded")) {
            Substrate.Store store = substrate.store("one");
            assertThat(substrate.store("two")).isSameAs(store);
            assertThat(store.folder("one", "")).isEmptyDirectory();
            assertThat(store.folder("two", "")).isEmptyDirectory();
            assertThat(store.environment())
                    .containsEntry("AWS_ENDPOINT_URL_S3", store.endpoint().toString());
        }
    }

    @Test
    void anUnknownSubstrateIsRejected() {
        assertThatThrownBy(() -> substrate("docker"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("precept.substrate: 'docker' is not allowed; give embedded, registry or containers");
    }

    @Test
    void resourcesCloseInReverseOrder() {
        ResourceStack resourceStack = new ResourceStack();
        resourceStack.add(() -> events.add("first"));
        resourceStack.add(() -> events.add("last"));
        resourceStack.close();
        resourceStack.close();
        assertThat(events).containsExactly("last", "first");
    }

    @Test
    void aFailureToCloseDoesNotPreventClosingOthers() {
        AssertionError running = new AssertionError("still running");
        IOException failure = new IOException("cannot close");
        ResourceStack resourceStack = new ResourceStack();
        resourceStack.add(() -> events.add("first"));
        resourceStack.add(() -> {
            throw running;
        });
        resourceStack.add(() -> events.add("second"));
        resourceStack.add(() -> {
            throw failure;
        });
        assertThatThrownBy(resourceStack::close)
                .isInstanceOf(IllegalStateException.class)
                .hasCause(failure)
                .hasSuppressedException(running);
        assertThat(events).containsExactly("second", "first");
    }
}
