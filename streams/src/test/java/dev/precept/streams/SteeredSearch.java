package dev.precept.streams;

import dev.precept.records.NeighbourAnswer;
import dev.precept.streams.ledger.Event;
import dev.precept.streams.ledger.LedgerStores;
import dev.precept.streams.ledger.OutputRecord;
import dev.precept.streams.ledger.Step;
import dev.precept.streams.ledger.UnreadableRecord;
import java.util.ArrayList;
import java.util.List;

/** Steps whose answers of the near-duplicate search are held back, or make the step fail, on demand. */
final class SteeredSearch {
    private final List<NeighbourAnswer> held = new ArrayList<>();
    private boolean holds;
    private boolean fails;

    Steps steps() {
        Steps steps = Steps.standard();
        return new Steps(
                steps.intake(),
                steered(steps.checking()),
                steps.screening(),
                steps.deciding(),
                steered(steps.curating()));
    }

    /** Holds back the answers that arrive. */
    void hold() {
        holds = true;
    }

    /** Fails the step that reads an answer, after its last write. */
    void fail() {
        fails = true;
    }

    /** The answers that were held back; later ones arrive. */
    List<NeighbourAnswer> release() {
        holds = false;
        fails = false;
        List<NeighbourAnswer> released = List.copyOf(held);
        held.clear();
        return released;
    }

    private Step<NeighbourAnswer> steered(Step<NeighbourAnswer> step) {
        return new Step<>() {
            @Override
            public List<OutputRecord> apply(LedgerStores stores, Event<NeighbourAnswer> event) {
                if (holds) {
                    held.add(event.value());
                    return List.of();
                }
                List<OutputRecord> outputs = step.apply(stores, event);
                if (fails) {
                    throw new IllegalStateException("planted");
                }
                return outputs;
            }

            @Override
            public List<OutputRecord> reject(LedgerStores stores, Event<NeighbourAnswer> event, String cause) {
                return step.reject(stores, event, cause);
            }

            @Override
            public List<OutputRecord> rejectUnreadable(LedgerStores stores, UnreadableRecord unreadable) {
                return step.rejectUnreadable(stores, unreadable);
            }
        };
    }
}
