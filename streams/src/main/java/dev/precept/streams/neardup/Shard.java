package dev.precept.streams.neardup;

import dev.precept.content.Sha256;
import dev.precept.records.Neighbour;
import dev.precept.records.NeighbourAction;
import dev.precept.records.NeighbourAnswer;
import dev.precept.records.NeighbourRequest;
import dev.precept.records.Origin;
import dev.precept.records.SignedDocument;
import dev.precept.records.SlotRef;
import dev.precept.text.ShingleSet;
import dev.precept.text.Signature;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One shard of the near-duplicate state: buckets of texts that share a band, and the texts. A bucket holds the numbers of at
 * most four texts, the first in the order; the number of a text is a hash of its ids. A withdrawn text is deleted, and its
 * numbers leave their buckets when these are next written. Not thread-safe.
 */
public final class Shard {
    /** Texts of a bucket, at most: of a cluster the first are those that later ones fall to. */
    static final int REPRESENTATIVES = 4;

    private final ShardStore<byte[]> buckets;
    private final ShardStore<SignedDocument> documents;
    private final Siblings siblings;

    public Shard(ShardStore<byte[]> buckets, ShardStore<SignedDocument> documents, Siblings siblings) {
        this.buckets = buckets;
        this.documents = documents;
        this.siblings = siblings;
    }

    /**
     * Answers a request. A request that fails with an exception has changed nothing, unless a store has failed.
     *
     * @return empty for a withdrawal
     */
    public Optional<NeighbourAnswer> apply(NeighbourRequest request) {
        long number = number(request);
        if (request.getAction() == NeighbourAction.WITHDRAW) {
            documents.delete(number);
            return Optional.empty();
        }
        Search search = new Search(request);
        Neighbour nearest = search.nearest();
        if (request.getAction() == NeighbourAction.CLAIM && (nearest == null || request.getKeeps())) {
            Map<Long, byte[]> changed = search.bucketsWith(number);
            documents.put(number, search.document);
            changed.forEach(buckets::put);
        }
        return Optional.of(answer(request).setNeighbour(nearest).build());
    }

    /** The answer to a request that the shard has failed on. */
    public static NeighbourAnswer failed(NeighbourRequest request, String failure) {
        return answer(request).setFailure(failure).build();
    }

    private static NeighbourAnswer.Builder answer(NeighbourRequest request) {
        return NeighbourAnswer.newBuilder()
                .setAction(request.getAction())
                .setRef(request.getRef())
                .setShard(request.getShard());
    }

    /** Two texts of one number would replace each other; among a million, that happens with a probability of 3e-8. */
    private static long number(NeighbourRequest request) {
        SlotRef ref = request.getRef();
        String name = ref.getRunId() + "|" + request.getId() + "|" + ref.getAttempt();
        return Long.parseUnsignedLong(Sha256.hex(name).substring(0, 16), 16);
    }

    /** The buckets of one text, and the documents in them. */
    private final class Search {
        private final NeighbourRequest request;
        private final SignedDocument document;
        /** Numbers in each bucket. */
        private final Map<Long, long[]> members = new LinkedHashMap<>();

        private final Map<Long, Optional<SignedDocument>> loaded = new HashMap<>();

        Search(NeighbourRequest request) {
            this.request = request;
            this.document = new SignedDocument(
                    request.getRef().getRunId(),
                    request.getRef().getPromptId(),
                    request.getId(),
                    request.getRunOpenedAt(),
                    request.getSeq(),
                    request.getShingles(),
                    request.getRef().getOrigin());
            for (long band : request.getBands()) {
                members.put(band, numbers(buckets.get(band)));
            }
        }

        @Nullable
        Neighbour nearest() {
            List<ShingleSet> mine = Shingles.decode(document.getShingles());
            SignedDocument nearest = null;
            double highest = 0;
            for (SignedDocument other : candidates().values()) { // in order: of equals the first is named
                if (DocumentOrder.isBefore(other, document) && !siblings.are(other, document)) {
                    double similarity = Signature.similarity(mine, Shingles.decode(other.getShingles()));
                    if (similarity >= request.getThreshold() && similarity > highest) {
                        nearest = other;
                        highest = similarity;
                    }
                }
            }
            return nearest == null ? null : neighbour(nearest, highest);
        }

        private static Neighbour neighbour(SignedDocument document, double similarity) {
            Origin origin = document.getOrigin();
            return new Neighbour(
                    document.getId(),
                    similarity,
                    origin == null ? null : origin.getFile(),
                    origin == null ? null : origin.getLine());
        }

        private Map<SignedDocument, SignedDocument> candidates() {
            Map<SignedDocument, SignedDocument> candidates = new TreeMap<>(DocumentOrder.ORDER);
            members.values().forEach(numbers -> {
                for (long number : numbers) {
                    load(number).ifPresent(found -> candidates.put(found, found));
                }
            });
            return candidates;
        }

        private Optional<SignedDocument> load(long number) {
            return loaded.computeIfAbsent(number, key -> Optional.ofNullable(documents.get(key)));
        }

        /** The buckets that change if the text becomes a representative, where it is one of the first. */
        Map<Long, byte[]> bucketsWith(long number) {
            Map<Long, byte[]> changed = new LinkedHashMap<>();
            members.forEach((band, numbers) -> {
                TreeMap<SignedDocument, Long> kept = new TreeMap<>(DocumentOrder.ORDER);
                for (long each : numbers) {
                    load(each).ifPresent(found -> kept.put(found, each));
                }
                kept.put(document, number);
                while (kept.size() > REPRESENTATIVES) {
                    kept.pollLastEntry();
                }
                if (kept.containsKey(document)) {
                    changed.put(
                            band,
                            bytes(kept.values().stream()
                                    .mapToLong(Long::longValue)
                                    .toArray()));
                }
            });
            return changed;
        }
    }

    private static long[] numbers(byte @Nullable [] bucket) {
        if (bucket == null) {
            return new long[0];
        }
        LongBuffer stored = ByteBuffer.wrap(bucket).asLongBuffer();
        long[] numbers = new long[stored.remaining()];
        stored.get(numbers);
        return numbers;
    }

    private static byte[] bytes(long[] numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Long.BYTES);
        bytes.asLongBuffer().put(numbers);
        return bytes.array();
    }
}
