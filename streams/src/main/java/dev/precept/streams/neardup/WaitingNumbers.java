package dev.precept.streams.neardup;

import java.util.List;

/** Which texts of a shard wait for which, by their numbers. */
public interface WaitingNumbers {
    /** Of a shard whose texts never wait. */
    WaitingNumbers NONE = new WaitingNumbers() {
        @Override
        public void add(long awaited, long waiting) {
            throw new IllegalStateException("the texts of this shard do not wait");
        }

        @Override
        public List<Long> removeAll(long awaited) {
            return List.of();
        }
    };

    /** Adds a text that waits for another; it may have been added before. */
    void add(long awaited, long waiting);

    /** Removes and returns the texts that wait for one, in any order. */
    List<Long> removeAll(long awaited);
}
