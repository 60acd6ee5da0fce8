package dev.precept.dataset.concurrent;

import dev.precept.dataset.concurrent.Topics.Row;
import dev.precept.dataset.concurrent.Topics.Selector;
import java.util.Map;

/** A purge that was started, and what is known of it. */
final class PurgeRequest {
    /** What a purge said at its end. */
    enum State {
        /** It said nothing yet, or it was killed: it may have removed anything that it selects. */
        STARTED,
        /** It said that every selected row was removed. */
        DONE,
        /** It said that it changed nothing. */
        REFUSED
    }

    private final Selector selector;
    private final Map<String, Long> heads;
    private State state = State.STARTED;
    private boolean disturbed;

    /** @param heads end of each chain when the purge was started */
    PurgeRequest(Selector selector, Map<String, Long> heads) {
        this.selector = selector;
        this.heads = heads;
    }

    Selector selector() {
        return selector;
    }

    State state() {
        return state;
    }

    void ended(State with) {
        state = with;
    }

    /** Another process was killed, or wrote rows, since the purge began: only another purge can say that nothing is left. */
    void disturb() {
        disturbed = true;
    }

    boolean isComplete() {
        return state == State.DONE && !disturbed;
    }

    /** Whether the row may be gone. */
    boolean mayRemove(Row row) {
        return state != State.REFUSED && selector.matches(row);
    }

    /** Whether the row was committed before the purge, and must be gone. */
    boolean removed(String chain, long offset, Row row) {
        return state == State.DONE && covers(chain, offset) && selector.matches(row);
    }

    boolean covers(String chain, long offset) {
        return offset < heads.getOrDefault(chain, 0L);
    }
}
