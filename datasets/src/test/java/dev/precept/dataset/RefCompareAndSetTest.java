package dev.precept.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.config.ConfigurationException;
import dev.precept.dataset.chain.DelegatingStore;
import dev.precept.dataset.release.Release;
import dev.precept.dataset.release.ReleaseSettings;
import dev.precept.dataset.view.View;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RefCompareAndSetTest {
    private static final int RACERS = 8;
    private static final int RACES = 10;

    @TempDir
    private Path folder;

    @Test
    void aRefNamesItsNewestMoveAndListsAllMoves() throws IOException {
        Refs refs = committed("dataset").dataset().refs();
        assertThat(refs.latestMove("prod")).isEmpty();
        refs.move("prod", Optional.empty(), "v1");
        refs.move("prod", refs.latestMove("prod"), "v2");
        refs.move("prod", refs.latestMove("prod"), "v1");
        assertThat(refs.latestMove("prod")).hasValue(new Refs.Move(3, "v1", "v2"));
        assertThat(refs.moves("prod"))
                .containsExactly(
                        new Refs.Move(1, "v1", null), new Refs.Move(2, "v2", "v1"), new Refs.Move(3, "v1", "v2"));
        assertThat(refs.names()).containsExactly("prod");
    }

    @Test
    void aMoveFromAnOutdatedVersionChangesNothing() throws IOException {
        Refs refs = committed("dataset").dataset().refs();
        refs.move("prod", Optional.empty(), "v1");
        Optional<Refs.Move> seen = refs.latestMove("prod");
        refs.move("prod", seen, "v2");
        assertThat(refs.move("prod", seen, "v3"))
                .isEqualTo(new Refs.MoveResult.Conflict(Optional.of(new Refs.Move(2, "v2", "v1"))));
        assertThat(refs.latestMove("prod")).hasValue(new Refs.Move(2, "v2", "v1"));
    }

    @Test
    void movingARefToItsVersionAddsNoMove() throws IOException {
        Refs refs = committed("dataset").dataset().refs();
        refs.move("prod", Optional.empty(), "v1");
        assertThat(refs.move("prod", refs.latestMove("prod"), "v1"))
                .isEqualTo(new Refs.MoveResult.Applied(new Refs.Move(1, "v1", null)));
        assertThat(refs.moves("prod")).hasSize(1);
    }

    @Test
    void ofConcurrentMovesOneSucceeds() throws Exception {
        Refs refs = committed("dataset").dataset().refs();
        try (ExecutorService racers = Executors.newFixedThreadPool(RACERS)) {
            for (int race = 0; race < RACES; race++) {
                Optional<Refs.Move> from = refs.latestMove("prod");
                CyclicBarrier start = new CyclicBarrier(RACERS);
                List<Future<Refs.MoveResult>> moves = new ArrayList<>();
                for (int racer = 0; racer < RACERS; racer++) {
                    String version = "v" + race + "-" + racer;
                    moves.add(racers.submit(() -> {
                        start.await();
                        return refs.move("prod", from, version);
                    }));
                }
                int won = 0;
                for (Future<Refs.MoveResult> move : moves) {
                    won += move.get() instanceof Refs.MoveResult.Applied ? 1 : 0;
                }
                assertThat(won).isEqualTo(1);
            }
        }
        assertThat(refs.moves("prod")).hasSize(RACES);
    }

    @Test
    void aReleaseMovesLatest() throws IOException {
        CommittedDataset dataset = committed("dataset");
        assertThat(release(dataset.dataset(), "v1")).isEmpty();
        assertThat(release(dataset.dataset(), "v2")).isEmpty();
        assertThat(dataset.dataset().refs().moves("latest"))
                .containsExactly(new Refs.Move(1, "v1", null), new Refs.Move(2, "v2", "v1"));
        assertThat(dataset.dataset().versions().resolve("latest")).isEqualTo("v2");
    }

    @Test
    void anOvertakenReleaseDoesNotMoveLatest() throws IOException {
        CommittedDataset dataset = committed("dataset");
        release(dataset.dataset(), "v1");
        Refs refs = dataset.dataset().refs();
        Dataset slow = Dataset.openExisting(new DelegatingStore(dataset.store()) {
            @Override
            public boolean createIfAbsent(String key, byte[] content) throws IOException {
                if (key.equals("releases/v2/README.md")) { // another release completes while this one still writes
                    refs.move("latest", refs.latestMove("latest"), "v1b");
                    refs.move("latest", refs.latestMove("latest"), "v3");
                }
                return super.createIfAbsent(key, content);
            }
        });
        assertThat(release(slow, "v2")).hasValue("v3");
        assertThat(dataset.dataset().versions().resolve("v2")).isEqualTo("v2");
        assertThat(refs.latestMove("latest").orElseThrow().version()).isEqualTo("v3");
    }

    @Test
    void aVersionCannotHaveTheNameOfARef() throws IOException {
        CommittedDataset dataset = committed("dataset");
        release(dataset.dataset(), "v1");
        dataset.dataset().refs().move("stable", Optional.empty(), "v1");
        for (String name : List.of("latest", "prod", "stable")) {
            assertThatThrownBy(() -> release(dataset.dataset(), name))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining(name)
                    .hasMessageContaining("name of a ref");
        }
        assertThat(dataset.dataset().versions().all()).containsExactly("v1");
    }

    private Optional<String> release(Dataset dataset, String name) throws IOException {
        Release.Result result =
                Release.make(dataset, new ReleaseSettings(name, List.of(View.SFT), 2), folder.resolve("drafts"));
        assertThat(result).isInstanceOf(Release.Result.Released.class);
        return ((Release.Result.Released) result).latest().now().filter(at -> !at.equals(name));
    }

    private CommittedDataset committed(String name) throws IOException {
        CommittedDataset dataset = new CommittedDataset(folder.resolve(name), folder.resolve("spool-" + name));
        dataset.samples(0, IntStream.range(0, 10).mapToObj(NeutralRows::sample).toList());
        dataset.complete();
        return dataset;
    }
}
