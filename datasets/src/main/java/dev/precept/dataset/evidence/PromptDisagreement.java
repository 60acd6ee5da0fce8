package dev.precept.dataset.evidence;

import dev.precept.dataset.Hash;
import dev.precept.dataset.spool.EntryBuckets;
import dev.precept.dataset.spool.Spool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Finds the prompts with whose side information most votes disagree. The votes of each candidate are in temporary files, so
 * memory does not grow with their number. Several threads may add.
 */
final class PromptDisagreement {
    /** Prompts that are listed, at most. */
    static final int MOST = 20;

    private static final int WIDTH = Hash.BYTES + 2 * Integer.BYTES;
    private static final int BITS = 6;

    /** The best is the first. */
    private static final Comparator<Prompt> ORDER = Comparator.comparingDouble(Prompt::share)
            .thenComparingLong(Prompt::votes)
            .thenComparing(Comparator.comparing(Prompt::promptId).reversed());

    private final EntryBuckets votes;
    private final PriorityQueue<Prompt> worst = new PriorityQueue<>(ORDER);
    private byte[] prompt = new byte[0];
    private long votesOfPrompt;
    private long disagreeOfPrompt;

    PromptDisagreement(Spool spool) {
        this.votes = new EntryBuckets(spool, "side-information", WIDTH, BITS);
    }

    /**
     * @param votes on all candidates of the prompt
     * @param disagree those of them that disagree
     */
    record Prompt(String promptId, long votes, long disagree) {
        private double share() {
            return (double) disagree / votes;
        }
    }

    void add(String promptId, AttemptTally.SideInformation side) throws IOException {
        ByteBuffer entry = ByteBuffer.allocate(WIDTH);
        Hash.of(promptId).putInto(entry);
        votes.add(entry.putInt((int) side.votes()).putInt((int) side.disagree()).array());
    }

    /** Those with a vote that disagrees, the worst first. Once. */
    List<Prompt> worst() throws IOException {
        for (int bucket = 0; bucket < votes.buckets(); bucket++) {
            votes.forEachSorted(bucket, (data, offset) -> {}, this::accept);
            end();
            votes.delete(bucket);
        }
        return worst.stream().sorted(ORDER.reversed()).toList();
    }

    private void accept(byte[] data, int offset) {
        byte[] id = new byte[Hash.BYTES];
        System.arraycopy(data, offset, id, 0, id.length);
        if (!Arrays.equals(id, prompt)) {
            end();
            prompt = id;
        }
        ByteBuffer entry = ByteBuffer.wrap(data, offset + Hash.BYTES, 2 * Integer.BYTES);
        votesOfPrompt += entry.getInt();
        disagreeOfPrompt += entry.getInt();
    }

    private void end() {
        if (disagreeOfPrompt > 0) {
            worst.add(new Prompt(Hash.from(prompt, 0).toString(), votesOfPrompt, disagreeOfPrompt));
            if (worst.size() > MOST) {
                worst.remove();
            }
        }
        prompt = new byte[0];
        votesOfPrompt = 0;
        disagreeOfPrompt = 0;
    }
}
