package dev.precept.streams.neardup;

import dev.precept.records.NearDuplicateSearch;
import dev.precept.records.NeighbourAction;
import dev.precept.records.NeighbourRequest;
import dev.precept.records.Origin;
import dev.precept.records.Seq;
import dev.precept.records.SlotRef;
import dev.precept.text.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Requests about one text.
 *
 * @param ref that the answers repeat; its attempt distinguishes the texts of one id
 * @param id of the prompt or the sample
 * @param openedAt when its run was opened
 * @param partition of the answers
 * @param provisional whether a claim has to be confirmed
 */
public record NeighbourRequests(
        SlotRef ref,
        String id,
        Instant openedAt,
        Seq seq,
        int partition,
        NearDuplicateSearch search,
        boolean provisional) {

    /**
     * Requests to look for a neighbour, or to claim: one to each shard that has a bucket of the text.
     *
     * @param keeps whether the text is kept although it has a neighbour
     * @return empty if the text has no words
     */
    public List<NeighbourRequest> sign(NeighbourAction action, String text, boolean keeps) {
        Signature signature = TextSigner.sign(text, search.getThreshold());
        SortedMap<Integer, List<Long>> bands = new TreeMap<>();
        for (long band : signature.bands()) {
            bands.computeIfAbsent(shard(band), shard -> new ArrayList<>()).add(band);
        }
        List<NeighbourRequest> requests = new ArrayList<>(bands.size());
        bands.forEach((shard, keys) -> requests.add(request(action, shard)
                .setBands(keys)
                .setShingles(Shingles.encode(signature.shingles()))
                .setKeeps(keeps)
                .build()));
        return requests;
    }

    /** Requests to confirm a provisional claim, to all shards: one that has none ignores it. */
    public List<NeighbourRequest> confirm() {
        return toAllShards(shard -> request(NeighbourAction.CLAIM, shard).setConfirms(true));
    }

    /**
     * Requests to withdraw a claim, to all shards, as {@link #confirm}.
     *
     * @param runEnded whether the run is cancelled or has no budget
     */
    public List<NeighbourRequest> withdraw(boolean runEnded) {
        return toAllShards(shard -> request(NeighbourAction.WITHDRAW, shard).setRunEnded(runEnded));
    }

    /** The withdrawal of a prompt at one shard, for a request that could not be decoded. */
    public static NeighbourRequest unreadable(String runId, String promptId, int shard) {
        return NeighbourRequest.newBuilder()
                .setAction(NeighbourAction.WITHDRAW)
                .setRef(new SlotRef(runId, promptId, new Origin("", "", 0L), 0, 1, 1))
                .setPartition(0)
                .setShard(shard)
                .setId(promptId)
                .setRunOpenedAt(Instant.EPOCH)
                .setSeq(new Seq(0L, 0, 0))
                .setProvisional(true)
                .build();
    }

    private List<NeighbourRequest> toAllShards(IntFunction<NeighbourRequest.Builder> requests) {
        return IntStream.range(0, search.getShards())
                .mapToObj(requests)
                .map(NeighbourRequest.Builder::build)
                .toList();
    }

    private NeighbourRequest.Builder request(NeighbourAction action, int shard) {
        return NeighbourRequest.newBuilder()
                .setAction(action)
                .setRef(ref)
                .setPartition(partition)
                .setShard(shard)
                .setId(id)
                .setRunOpenedAt(openedAt)
                .setSeq(seq)
                .setThreshold(search.getThreshold())
                .setProvisional(provisional);
    }

    /** The bits of a band are as good as random. */
    private int shard(long band) {
        return (int) Long.remainderUnsigned(band, search.getShards());
    }
}
