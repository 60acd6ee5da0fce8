package dev.precept.streams;

import dev.precept.streams.ledger.Event;
import dev.precept.streams.ledger.LedgerStore;
import dev.precept.streams.ledger.LedgerStores;
import dev.precept.streams.ledger.OutputRecord;
import dev.precept.streams.ledger.Step;
import dev.precept.streams.ledger.UnreadableRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The steps of the topology, which fail on demand: at once, or right after a write to a store. */
final class FailingSteps {
    private static final int NEVER = Integer.MAX_VALUE;

    private int failAfter = NEVER;
    private int writes;
    private boolean failed;

    /** Not a KafkaException: an error in a step. */
    static final class PlantedFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        PlantedFailure(String message) {
            super(message);
        }
    }

    Steps steps() {
        Steps steps = Steps.standard();
        return new Steps(
                failing(steps.intake()),
                failing(steps.checking()),
                failing(steps.screening()),
                failing(steps.deciding()),
                failing(steps.curating()));
    }

    /** Fails the next events after this many of their writes; 0 fails them at once. */
    void failAfter(int count) {
        failAfter = count;
    }

    void succeed() {
        failAfter = NEVER;
    }

    /** Whether the last event failed. */
    boolean hasFailed() {
        return failed;
    }

    private void write() {
        if (++writes == failAfter) {
            fail();
        }
    }

    private void fail() {
        failed = true;
        throw new PlantedFailure("planted after " + writes + " writes");
    }

    private <V> Step<V> failing(Step<V> step) {
        return new Step<>() {
            @Override
            public List<OutputRecord> apply(LedgerStores stores, Event<V> event) {
                writes = 0;
                failed = false;
                if (failAfter == 0) {
                    fail();
                }
                return step.apply(
                        new LedgerStores(
                                watched(stores.rows()),
                                watched(stores.owners()),
                                watched(stores.progress()),
                                watched(stores.endedSources()),
                                watched(stores.pending())),
                        event);
            }

            @Override
            public List<OutputRecord> reject(LedgerStores stores, Event<V> event, String cause) {
                return step.reject(stores, event, cause);
            }

            @Override
            public List<OutputRecord> rejectUnreadable(LedgerStores stores, UnreadableRecord unreadable) {
                return step.rejectUnreadable(stores, unreadable);
            }
        };
    }

    private <V> LedgerStore<V> watched(LedgerStore<V> store) {
        return new LedgerStore<>() {
            @Override
            public @Nullable V get(String key) {
                return store.get(key);
            }

            @Override
            public void put(String key, V value) {
                store.put(key, value);
                write();
            }

            @Override
            public void delete(String key) {
                store.delete(key);
                write();
            }

            @Override
            public List<String> keys(String prefix, int atMost) {
                return store.keys(prefix, atMost);
            }
        };
    }
}
