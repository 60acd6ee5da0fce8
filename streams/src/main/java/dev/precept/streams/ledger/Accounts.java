package dev.precept.streams.ledger;

import dev.precept.records.Book;
import dev.precept.records.Cause;
import dev.precept.records.EndMarker;
import dev.precept.records.PartitionComplete;
import dev.precept.records.Reason;
import dev.precept.records.SlotState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;

/**
 * The book of one run on one partition while one event is entered. Counted by transitions, never by subtraction, so that
 * the balance is a check and not a tautology.
 */
final class Accounts {
    private final Book book;

    private Accounts(Book book) {
        this.book = book;
    }

    static Accounts open(String runId, int partition) {
        return new Accounts(Book.newBuilder()
                .setRunId(runId)
                .setPartition(partition)
                .setSlots(0)
                .setAccepted(0)
                .setRejected(new HashMap<>())
                .setDead(new HashMap<>())
                .setInFlight(new HashMap<>())
                .setReplayed(0)
                .setStale(0)
                .setPromptsRead(0)
                .setSourcesEnded(new ArrayList<>())
                .setSources(0)
                .setComplete(false)
                .setAsOf(Instant.EPOCH)
                .build());
    }

    static Accounts of(Book book) {
        return new Accounts(Book.newBuilder(book).build());
    }

    Book book() {
        return book;
    }

    void promptRead() {
        book.setPromptsRead(book.getPromptsRead() + 1);
    }

    void replayed() {
        book.setReplayed(book.getReplayed() + 1);
    }

    void stale() {
        book.setStale(book.getStale() + 1);
    }

    void admitted() {
        book.setSlots(book.getSlots() + 1);
        add(book.getInFlight(), SlotState.ADMITTED.name(), 1);
    }

    void moved(SlotState from, SlotState to) {
        Transitions.require(from, to);
        add(book.getInFlight(), from.name(), -1);
        if (!Transitions.terminal(to)) {
            add(book.getInFlight(), to.name(), 1);
        }
    }

    void accepted() {
        book.setAccepted(book.getAccepted() + 1);
    }

    void rejected(Reason reason) {
        add(book.getRejected(), reason.name(), 1);
    }

    void dead(Cause cause) {
        add(book.getDead(), cause.name(), 1);
    }

    void ended(EndMarker marker) {
        book.setSources(marker.getSources());
        if (!book.getSourcesEnded().contains(marker.getSource())) {
            book.getSourcesEnded().add(marker.getSource());
        }
    }

    boolean isComplete() {
        return book.getComplete();
    }

    /** True exactly once: when every source has been read and every slot is terminal. */
    boolean completes() {
        boolean now = !book.getComplete()
                && book.getSources() > 0
                && book.getSourcesEnded().size() == book.getSources()
                && book.getInFlight().isEmpty();
        if (now) {
            book.setComplete(true);
        }
        return now;
    }

    PartitionComplete marker() {
        return PartitionComplete.newBuilder()
                .setPartition(book.getPartition())
                .setSlots(book.getSlots())
                .setAccepted(book.getAccepted())
                .setRejected(total(book.getRejected()))
                .setDead(total(book.getDead()))
                .build();
    }

    /** @throws IllegalStateException if the book does not balance: a bug, which must not reach the log */
    Book closed(Instant asOf) {
        long booked =
                book.getAccepted() + total(book.getRejected()) + total(book.getDead()) + total(book.getInFlight());
        if (booked != book.getSlots()) {
            throw new IllegalStateException("the book of run " + book.getRunId() + " on partition "
                    + book.getPartition() + " does not balance: " + book.getSlots() + " slots, " + booked + " booked");
        }
        book.setAsOf(asOf);
        return book;
    }

    private static void add(Map<String, Long> counts, String name, long amount) {
        long sum = counts.getOrDefault(name, 0L) + amount;
        if (sum == 0) {
            counts.remove(name);
        } else {
            counts.put(name, sum);
        }
    }

    private static long total(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
