package dev.precept.dataset.gate;

import dev.precept.dataset.Dataset;
import dev.precept.dataset.InvalidDocumentException;
import dev.precept.dataset.Journal;
import dev.precept.dataset.Layout;
import java.io.IOException;
import java.util.Optional;

/** The gates of a dataset, {@code gates/<number>.json}: the newest one counts. Thread-safe. */
public final class RefGates {
    private final Journal journal;

    public RefGates(Dataset dataset) {
        this.journal = new Journal(dataset.store(), Layout.GATES);
    }

    /**
     * The gate that applies; empty if no release named one.
     *
     * @throws IOException if the store fails, or the newest document is no gate
     */
    public Optional<RefGate> newest() throws IOException {
        Optional<Journal.Entry> newest = journal.newest();
        return newest.isEmpty() ? Optional.empty() : Optional.of(parse(newest.get()));
    }

    /** Makes a gate the newest one; false if it is already. */
    public boolean apply(RefGate gate) throws IOException {
        while (true) {
            Optional<Journal.Entry> newest = journal.newest();
            if (newest.isPresent() && parse(newest.get()).equals(gate)) {
                return false;
            }
            if (journal.append(newest.map(Journal.Entry::number).orElse(0L) + 1, gate.json())) {
                return true;
            }
        }
    }

    private static RefGate parse(Journal.Entry entry) throws IOException {
        return RefGate.parse(entry.body())
                .orElseThrow(() -> new InvalidDocumentException(
                        Layout.journalEntry(Layout.GATES, entry.number()) + " is no gate; put it back from a backup"));
    }
}
