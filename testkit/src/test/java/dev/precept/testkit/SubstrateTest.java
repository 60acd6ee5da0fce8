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
    void remember() {
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
    void byDefaultNoUnusedPartIsStarted() {
        try (Substrate substrate = substrate("")) {
            assertThat(substrate.registry(folder)).isEqualTo("file:" + folder.resolve("schemas.json"));
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aPartIsStartedOnceAndEndsWithIt() {
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
    void anotherWordIsRefused() {
        assertThatThrownBy(() -> substrate("docker"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("precept.substrate: 'docker' is none; give embedded, registry or containers");
    }

    @Test
    void whatIsLastStartedEndsFirst() {
        ResourceStack resourceStack = new ResourceStack();
        resourceStack.add(() -> events.add("first"));
        resourceStack.add(() -> events.add("last"));
        resourceStack.close();
        resourceStack.close();
        assertThat(events).containsExactly("last", "first");
    }

    @Test
    void aPartThatDoesNotEndKeepsNoOtherFromIt() {
        AssertionError lives = new AssertionError("it lives");
        IOException refuses = new IOException("it refuses");
        ResourceStack resourceStack = new ResourceStack();
        resourceStack.add(() -> events.add("first"));
        resourceStack.add(() -> {
            throw lives;
        });
        resourceStack.add(() -> events.add("second"));
        resourceStack.add(() -> {
            throw refuses;
        });
        assertThatThrownBy(resourceStack::close)
                .isInstanceOf(IllegalStateException.class)
                .hasCause(refuses)
                .hasSuppressedException(lives);
        assertThat(events).containsExactly("second", "first");
    }
}
