package dev.precept.streams.neardup;

import dev.precept.content.Sha256;
import dev.precept.records.Neighbour;
import dev.precept.records.NeighbourAnswer;
import dev.precept.records.NeighbourRequest;
import dev.precept.records.SignedDocument;
import dev.precept.records.SlotRef;
import dev.precept.streams.neardup.Search.Found;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One shard of the near-duplicate state: buckets of texts that share a band, and the texts. A bucket holds the numbers of at
 * most four texts, the first in the order; the number of a text is a hash of its ids. A withdrawn text is deleted, and its
 * numbers leave their buckets when these are next written.
 *
 * <p>A text falls only to a kept one. A provisional claim that finds none, but an earlier provisional one of its run, waits
 * for it: it is answered after that one is confirmed or withdrawn, and is in no bucket until then. Since a text waits only
 * for earlier ones, they never wait for each other in a circle. Not thread-safe.
 */
public final class Shard {
    private final ShardStore<byte[]> buckets;
    private final ShardStore<SignedDocument> documents;
    private final WaitingNumbers waiting;
    private final Siblings siblings;

    /** The answer to a request, which may have waited. */
    public record Answered(NeighbourRequest request, NeighbourAnswer answer) {}

    public Shard(
            ShardStore<byte[]> buckets,
            ShardStore<SignedDocument> documents,
            WaitingNumbers waiting,
            Siblings siblings) {
        this.buckets = buckets;
        this.documents = documents;
        this.waiting = waiting;
        this.siblings = siblings;
    }

    /**
     * Applies a request. A request that fails with an exception has changed nothing, unless a store has failed.
     *
     * @return its answer, unless it waits or needs none, or the answers of those that have waited for it
     */
    public List<Answered> apply(NeighbourRequest request) {
        return switch (request.getAction()) {
            case LOOK -> List.of(answered(request, search(request).kept()));
            case CLAIM ->
                request.getConfirms()
                        ? confirm(number(request))
                        : claim(request, true).stream().toList();
            case WITHDRAW -> withdraw(number(request), request);
        };
    }

    private Search search(NeighbourRequest request) {
        return new Search(request, buckets, documents, siblings);
    }

    private Optional<Answered> claim(NeighbourRequest request, boolean waits) {
        long number = number(request);
        SignedDocument before = request.getProvisional() ? documents.get(number) : null;
        if (before != null && before.getWaiting() == null) {
            return Optional.of(answered(request, null)); // the claim has come twice
        }
        Search search = search(request);
        Found kept = search.kept();
        Found awaited = waits && kept == null && request.getProvisional() ? search.provisional() : null;
        if (awaited != null) {
            waiting.add(awaited.number(), number);
            if (before == null) {
                documents.put(number, Search.waiting(request));
            }
            return Optional.empty();
        }
        if (kept == null || request.getKeeps()) {
            Map<Long, byte[]> changed = search.bucketsWith(number);
            documents.put(number, search.document());
            changed.forEach(buckets::put);
        } else if (before != null) {
            documents.delete(number);
        }
        return Optional.of(answered(request, kept));
    }

    private List<Answered> confirm(long number) {
        SignedDocument claimed = documents.get(number);
        if (claimed == null || claimed.getKept() || claimed.getWaiting() != null) {
            return List.of(); // it was confirmed or withdrawn before
        }
        documents.put(number, SignedDocument.newBuilder(claimed).setKept(true).build());
        return searchAgain(number, true);
    }

    private List<Answered> withdraw(long number, NeighbourRequest request) {
        SignedDocument claimed = documents.get(number);
        if (claimed == null || (request.getProvisional() && claimed.getKept())) {
            return List.of();
        }
        documents.delete(number);
        return searchAgain(number, !request.getRunEnded());
    }

    /** Claims again for the texts that have waited for one, in their order; of those withdrawn meanwhile no text is stored. */
    private List<Answered> searchAgain(long awaited, boolean waits) {
        Map<SignedDocument, NeighbourRequest> claims = new TreeMap<>(DocumentOrder.ORDER);
        for (long number : waiting.removeAll(awaited)) {
            SignedDocument text = documents.get(number);
            if (text != null && text.getWaiting() != null) {
                claims.put(text, text.getWaiting());
            }
        }
        List<Answered> answers = new ArrayList<>();
        claims.values().forEach(claim -> claim(claim, waits).ifPresent(answers::add));
        return answers;
    }

    /** The answer to a request that the shard has failed on. */
    public static NeighbourAnswer failed(NeighbourRequest request, String failure) {
        return answer(request).setFailure(failure).build();
    }

    private static Answered answered(NeighbourRequest request, @Nullable Found kept) {
        Neighbour neighbour = kept == null ? null : kept.neighbour();
        return new Answered(request, answer(request).setNeighbour(neighbour).build());
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
        String name = ref.getRunId() + "|" + request.getId() + "|" + ref.getAttempt() + "|" + request.getShard();
        return Long.parseUnsignedLong(Sha256.hex(name).substring(0, 16), 16);
    }
}
