package dev.precept.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract of every store; chains and releases depend on it. */
public interface ObjectStoreContract {
    int RACERS = 16;
    int RACES = 20;

    /** An empty store. */
    ObjectStore store();

    @Test
    default void aSecondCreateDoesNotChangeAKey() throws IOException {
        assertThat(store().createIfAbsent("log/chain/1.json", bytes("first"))).isTrue();
        assertThat(store().createIfAbsent("log/chain/1.json", bytes("second"))).isFalse();
        assertThat(store().read("log/chain/1.json")).hasValue(bytes("first"));
    }

    @Test
    default void disposableContentIsNotReplaced() throws IOException {
        assertThat(store().createDisposable("cache/a0/1.json", bytes("first"))).isTrue();
        assertThat(store().createDisposable("cache/a0/1.json", bytes("second"))).isFalse();
        assertThat(store().read("cache/a0/1.json")).hasValue(bytes("first"));
        store().delete("cache/a0/1.json");
        assertThat(store().createDisposable("cache/a0/1.json", bytes("third"))).isTrue();
        assertThat(store().list("cache/")).containsExactly("cache/a0/1.json");
    }

    @Test
    default void aKeyCreatedFromAFileDoesNotDependOnTheFile(@TempDir Path local) throws IOException {
        Path file = Files.write(local.resolve("spool"), bytes("rows"));
        assertThat(store().createIfAbsent("data/a", file)).isTrue();
        Files.write(file, bytes("other rows"));
        assertThat(store().createIfAbsent("data/a", file)).isFalse();
        Files.delete(file);
        assertThat(store().fetch("data/a")).hasBinaryContent(bytes("rows"));
    }

    @Test
    default void ofConcurrentCreatesOfOneKeyExactlyOneWins(@TempDir Path local) throws Exception {
        try (ExecutorService racers = Executors.newFixedThreadPool(RACERS)) {
            for (int race = 0; race < RACES; race++) {
                String key = "log/race/" + race;
                List<Integer> winners = winners(racers, key, local);
                assertThat(winners).as("winners of %s", key).hasSize(1);
                assertThat(store().read(key)).hasValue(bytes("racer " + winners.getFirst()));
            }
        }
    }

    private List<Integer> winners(ExecutorService racers, String key, Path local) throws Exception {
        CyclicBarrier start = new CyclicBarrier(RACERS);
        List<Future<Boolean>> created = new ArrayList<>();
        for (int racer = 0; racer < RACERS; racer++) {
            byte[] content = bytes("racer " + racer);
            Path file = Files.write(local.resolve("racer-" + racer), content);
            Callable<Boolean> create = racer % 2 == 0
                    ? () -> store().createIfAbsent(key, content)
                    : () -> store().createIfAbsent(key, file);
            created.add(racers.submit(() -> {
                start.await();
                return create.call();
            }));
        }
        List<Integer> winners = new ArrayList<>();
        for (int racer = 0; racer < RACERS; racer++) {
            if (created.get(racer).get()) {
                winners.add(racer);
            }
        }
        return winners;
    }

    @Test
    default void aMissingKeyIsEmptyAndCannotBeFetched() throws IOException {
        assertThat(store().read("refs/latest/1.json")).isEmpty();
        assertThatThrownBy(() -> store().fetch("refs/latest/1.json"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("refs/latest/1.json");
    }

    @Test
    default void keysAreListedByPrefixAndSorted() throws IOException {
        for (String key : List.of("log/b/2", "log/a/10", "log/b/1", "data/a", "log/bc/1")) {
            store().createIfAbsent(key, bytes("x"));
        }
        assertThat(store().list("log/")).containsExactly("log/a/10", "log/b/1", "log/b/2", "log/bc/1");
        assertThat(store().list("log/b/")).containsExactly("log/b/1", "log/b/2");
        assertThat(store().list("log/b")).containsExactly("log/b/1", "log/b/2", "log/bc/1");
        assertThat(store().list("")).containsExactly("data/a", "log/a/10", "log/b/1", "log/b/2", "log/bc/1");
        assertThat(store().list("none/")).isEmpty();
    }

    @Test
    default void aListingStartsAfterAKeyAndEndsWhenTheVisitorHasEnough() throws IOException {
        List<String> keys = List.of("a", "log.json", "log/a.json", "log/a/10", "log/a/9", "log/ab/1", "log/b/1", "m");
        for (String key : keys) {
            store().createIfAbsent(key, bytes("x"));
        }
        for (String after : List.of("", "a", "log/a/1", "log/a/10", "log/a0", "log/b/1", "log/b/", "log0", "z")) {
            assertThat(keysAfter("", after))
                    .as("after %s", after)
                    .containsExactlyElementsOf(keys.stream()
                            .filter(key -> key.compareTo(after) > 0)
                            .toList());
        }
        assertThat(keysAfter("log/a/", "log/a/10")).containsExactly("log/a/9");
        assertThat(keysAfter("log/a/", "a")).containsExactly("log/a/10", "log/a/9");
        assertThat(keysAfter("log/a/", "log/b")).isEmpty();
        List<String> visited = new ArrayList<>();
        store().visitObjects("log", "", object -> {
            visited.add(object.key());
            return visited.size() < 3;
        });
        assertThat(visited).containsExactly("log.json", "log/a.json", "log/a/10");
    }

    private List<String> keysAfter(String prefix, String after) throws IOException {
        return store().listObjects(prefix, after).stream()
                .map(ObjectStore.ObjectInfo::key)
                .toList();
    }

    @Test
    default void aListingHasSizeAndTime() throws IOException {
        store().createIfAbsent("log/first", bytes("12345"));
        store().createIfAbsent("log/second", bytes(""));
        List<ObjectStore.ObjectInfo> listed = store().listObjects("log/");
        assertThat(listed).extracting(ObjectStore.ObjectInfo::key).containsExactly("log/first", "log/second");
        assertThat(listed).extracting(ObjectStore.ObjectInfo::bytes).containsExactly(5L, 0L);
        assertThat(listed)
                .extracting(ObjectStore.ObjectInfo::modified)
                .allSatisfy(time -> assertThat(time).isCloseTo(Instant.now(), within(1, ChronoUnit.MINUTES)));
        assertThat(store().list("log/")).containsExactly("log/first", "log/second");
        assertThat(store().listObjects("none")).isEmpty();
    }

    @Test
    default void aDeletedKeyCanBeCreatedAgain() throws IOException {
        store().createIfAbsent("releases/v1/a", bytes("torn"));
        store().delete("releases/v1/a");
        store().delete("releases/v1/a");
        assertThat(store().read("releases/v1/a")).isEmpty();
        assertThat(store().createIfAbsent("releases/v1/a", bytes("whole"))).isTrue();
    }

    @Test
    default void contentIsStreamedFromAnyByte() throws IOException {
        store().createIfAbsent("data/a", bytes("0123456789"));
        for (int from : List.of(0, 1, 9)) {
            try (InputStream in = store().open("data/a", from)) {
                assertThat(in.readAllBytes()).isEqualTo(bytes("0123456789".substring(from)));
            }
        }
        assertThatThrownBy(() -> store().open("data/a", 11)).isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> store().open("data/b", 0)).isInstanceOf(NoSuchFileException.class);
        store().createIfAbsent("data/empty", bytes(""));
        try (InputStream in = store().open("data/empty", 0)) {
            assertThat(in.readAllBytes()).isEmpty();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
