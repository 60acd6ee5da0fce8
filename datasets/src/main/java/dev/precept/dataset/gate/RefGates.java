package dev.precept.dataset.gate;

import dev.precept.dataset.Dataset;
import dev.precept.dataset.Journal;
import dev.precept.dataset.Layout;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The gates of a dataset, {@code gates/<number>.json}: the newest one counts. Thread-safe. */
public final class RefGates {
    private final Journal journal;

    public RefGates(Dataset dataset) {
        this.journal = new Journal(dataset.store(), Layout.GATES);
    }

    /** The gate that applies; empty if no release named one. */
    public Optional<RefGate> newest() throws IOException {
        List<Journal.Entry> entries = journal.entries();
        return entries.isEmpty()
                ? Optional.empty()
                : Optional.of(RefGate.parse(entries.getLast().body()));
    }

    /** Makes a gate the newest one; false if it is already. */
    public boolean apply(RefGate gate) throws IOException {
        while (true) {
            List<Journal.Entry> entries = journal.entries();
            if (!entries.isEmpty() && RefGate.parse(entries.getLast().body()).equals(gate)) {
                return false;
            }
            if (journal.append(entries.size() + 1L, gate.json())) {
                return true;
            }
        }
    }
}
