package dev.precept.streams.neardup;

import dev.precept.records.Neighbour;
import dev.precept.records.NeighbourRequest;
import dev.precept.records.Origin;
import dev.precept.records.SignedDocument;
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
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The buckets of one text, and the texts in them. It changes nothing. */
final class Search {
    /** Texts of a bucket, at most: of a cluster the first are those that later ones fall to. */
    static final int REPRESENTATIVES = 4;

    private final NeighbourRequest request;
    private final SignedDocument document;
    private final ShardStore<SignedDocument> documents;
    private final Siblings siblings;
    /** Numbers in each bucket. */
    private final Map<Long, long[]> members = new LinkedHashMap<>();

    private final Map<Long, Optional<SignedDocument>> loaded = new HashMap<>();

    /** An earlier text that is similar. */
    record Found(long number, SignedDocument document, double similarity) {
        Neighbour neighbour() {
            Origin origin = document.getOrigin();
            return new Neighbour(
                    document.getId(),
                    similarity,
                    origin == null ? null : origin.getFile(),
                    origin == null ? null : origin.getLine());
        }
    }

    Search(
            NeighbourRequest request,
            ShardStore<byte[]> buckets,
            ShardStore<SignedDocument> documents,
            Siblings siblings) {
        this.request = request;
        this.document = document(request)
                .setShingles(request.getShingles())
                .setKept(!request.getProvisional())
                .build();
        this.documents = documents;
        this.siblings = siblings;
        for (long band : request.getBands()) {
            members.put(band, numbers(buckets.get(band)));
        }
    }

    /** The text of a claim that waits. */
    static SignedDocument waiting(NeighbourRequest request) {
        return document(request)
                .setShingles(List.of())
                .setKept(false)
                .setWaiting(request)
                .build();
    }

    private static SignedDocument.Builder document(NeighbourRequest request) {
        return SignedDocument.newBuilder()
                .setRunId(request.getRef().getRunId())
                .setPromptId(request.getRef().getPromptId())
                .setId(request.getId())
                .setRunOpenedAt(request.getRunOpenedAt())
                .setSeq(request.getSeq())
                .setOrigin(request.getRef().getOrigin());
    }

    /** The text as its claim stores it. */
    SignedDocument document() {
        return document;
    }

    /** The most similar earlier text that this one falls to. */
    @Nullable
    Found kept() {
        return nearest(SignedDocument::getKept);
    }

    /**
     * The most similar earlier text that this one waits for: that of another run is none, since its run may be paused, or left
     * for good.
     */
    @Nullable
    Found provisional() {
        return nearest(other -> !other.getKept() && other.getRunId().equals(document.getRunId()));
    }

    private @Nullable Found nearest(Predicate<SignedDocument> which) {
        List<ShingleSet> mine = Shingles.decode(document.getShingles());
        Found nearest = null;
        for (Map.Entry<SignedDocument, Long> each : candidates().entrySet()) { // in order: of equals the first is named
            SignedDocument other = each.getKey();
            if (which.test(other) && DocumentOrder.isBefore(other, document) && !siblings.are(other, document)) {
                double similarity = Signature.similarity(mine, Shingles.decode(other.getShingles()));
                if (similarity >= request.getThreshold() && (nearest == null || similarity > nearest.similarity())) {
                    nearest = new Found(each.getValue(), other, similarity);
                }
            }
        }
        return nearest;
    }

    private Map<SignedDocument, Long> candidates() {
        Map<SignedDocument, Long> candidates = new TreeMap<>(DocumentOrder.ORDER);
        members.values().forEach(numbers -> addLoaded(candidates, numbers));
        return candidates;
    }

    private void addLoaded(Map<SignedDocument, Long> texts, long[] numbers) {
        for (long number : numbers) {
            load(number).ifPresent(found -> texts.put(found, number));
        }
    }

    /** Empty also for a text that was withdrawn, and waits since it was claimed again. */
    private Optional<SignedDocument> load(long number) {
        return loaded.computeIfAbsent(
                number, key -> Optional.ofNullable(documents.get(key)).filter(found -> found.getWaiting() == null));
    }

    /** The buckets that change if the text becomes a representative, where it is one of the first. */
    Map<Long, byte[]> bucketsWith(long number) {
        Map<Long, byte[]> changed = new LinkedHashMap<>();
        members.forEach((band, numbers) -> {
            TreeMap<SignedDocument, Long> first = new TreeMap<>(DocumentOrder.ORDER);
            addLoaded(first, numbers);
            first.put(document, number);
            while (first.size() > REPRESENTATIVES) {
                first.pollLastEntry();
            }
            if (first.containsKey(document)) {
                changed.put(
                        band,
                        bytes(first.values().stream().mapToLong(Long::longValue).toArray()));
            }
        });
        return changed;
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
