package dev.precept.streams.neardup;

import dev.precept.records.NearDuplicateSearch;
import dev.precept.records.NeighbourAction;
import dev.precept.records.NeighbourRequest;
import dev.precept.records.Seq;
import dev.precept.records.SlotRef;
import dev.precept.text.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Requests about one text.
 *
 * @param ref that the answers repeat; its attempt distinguishes the texts of one id
 * @param id of the prompt or the sample
 * @param openedAt when its run was opened
 * @param partition of the answers
 */
public record NeighbourRequests(
        SlotRef ref, String id, Instant openedAt, Seq seq, int partition, NearDuplicateSearch search) {

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

    /** Requests to withdraw a claim, to all shards: one that has none ignores it. */
    public List<NeighbourRequest> withdraw() {
        List<NeighbourRequest> requests = new ArrayList<>();
        for (int shard = 0; shard < search.getShards(); shard++) {
            requests.add(request(NeighbourAction.WITHDRAW, shard).build());
        }
        return requests;
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
                .setThreshold(search.getThreshold());
    }

    /** The bits of a band are as good as random. */
    private int shard(long band) {
        return (int) Long.remainderUnsigned(band, search.getShards());
    }
}
