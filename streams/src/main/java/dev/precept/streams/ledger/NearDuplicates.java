package dev.precept.streams.ledger;

import dev.precept.content.BoundedText;
import dev.precept.records.Candidate;
import dev.precept.records.Completion;
import dev.precept.records.Dedup;
import dev.precept.records.NearDuplicatePolicy;
import dev.precept.records.NearDuplicateSearch;
import dev.precept.records.Neighbour;
import dev.precept.records.NeighbourAction;
import dev.precept.records.NeighbourRequest;
import dev.precept.records.Prompt;
import dev.precept.records.Seq;
import dev.precept.records.SlotRef;
import dev.precept.schemas.PromptText;
import dev.precept.schemas.SlotId;
import dev.precept.streams.neardup.NeighbourRequests;
import dev.precept.streams.neardup.TextSigner;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a run searches: requests about its prompts and samples, and what the rows keep of their signatures. */
final class NearDuplicates {
    private static final int SHORT_ID = 12;

    private NearDuplicates() {}

    static boolean rejectsPrompts(Prompt prompt) {
        return rejects(search(prompt).map(NearDuplicateSearch::getPrompts));
    }

    /** Whether a reasoning is compared before it is judged, so that the votes on one that falls are saved. */
    static boolean rejectsSamples(Prompt prompt) {
        return rejects(search(prompt).map(NearDuplicateSearch::getSamples));
    }

    static boolean hasShards(Prompt prompt) {
        return search(prompt).filter(search -> search.getShards() > 1).isPresent();
    }

    static boolean comparesSamples(Prompt prompt) {
        return search(prompt)
                .filter(search -> search.getSamples() != NearDuplicatePolicy.OFF)
                .isPresent();
    }

    /**
     * Requests about a prompt. The order of prompts is that of their first slots.
     *
     * @param hasSample whether a slot is accepted: then the claim is no provisional one
     */
    static List<NeighbourRequest> claim(Prompt prompt, String runId, Seq seq, boolean hasSample) {
        return of(prompt, runId, seq, !hasSample)
                .sign(NeighbourAction.CLAIM, PromptText.of(prompt.getMessages()), false);
    }

    static List<NeighbourRequest> confirm(Prompt prompt, String runId, Seq seq) {
        return of(prompt, runId, seq, true).confirm();
    }

    /** @param runEnded whether its last slot ended because the run is cancelled or has no budget */
    static List<NeighbourRequest> withdraw(Prompt prompt, String runId, Seq seq, boolean runEnded) {
        return of(prompt, runId, seq, true).withdraw(runEnded);
    }

    static List<NeighbourRequest> look(Candidate candidate, Seq seq) {
        return of(candidate, seq).sign(NeighbourAction.LOOK, reasoning(candidate), false);
    }

    static List<NeighbourRequest> claim(Candidate candidate, Seq seq) {
        return of(candidate, seq)
                .sign(
                        NeighbourAction.CLAIM,
                        reasoning(candidate),
                        !rejectsSamples(candidate.getTask().getPrompt()));
    }

    static List<NeighbourRequest> withdraw(Candidate candidate, Seq seq) {
        return of(candidate, seq).withdraw(false);
    }

    /** Why a prompt falls. */
    static String promptDetail(Neighbour neighbour) {
        return detail(neighbour, "prompt", "id");
    }

    /** Why a reasoning falls. */
    static String sampleDetail(Neighbour neighbour) {
        return detail(neighbour, "the reasoning for", "sample");
    }

    /** The row has the whole id; its beginning is enough for {@code show --sample}. */
    private static String detail(Neighbour neighbour, String what, String id) {
        String shortId = neighbour
                .getId()
                .substring(0, Math.min(SHORT_ID, neighbour.getId().length()));
        String source =
                neighbour.getUri() == null ? "" : what + " " + neighbour.getUri() + ":" + neighbour.getLine() + ", ";
        return BoundedText.detail(String.format(
                Locale.ROOT, "similar (%.2f) to %s%s %s", neighbour.getSimilarity(), source, id, shortId));
    }

    /** Adds what a sample keeps: the bands of what its run compares, or its releases. */
    static Dedup.Builder sign(Dedup.Builder dedup, Prompt prompt, String reasoning, @Nullable Neighbour neighbour) {
        dedup.setBands(List.of()).setNear(neighbour);
        search(prompt).ifPresent(search -> {
            double threshold = search.getThreshold();
            dedup.setSignature(TextSigner.version(threshold));
            if (search.getSamples() != NearDuplicatePolicy.OFF) {
                dedup.setBands(bands(reasoning, threshold));
            }
            if (search.getPrompts() != NearDuplicatePolicy.OFF) {
                dedup.setPromptBands(bands(PromptText.of(prompt.getMessages()), threshold));
            }
        });
        return dedup;
    }

    private static List<Long> bands(String text, double threshold) {
        return Arrays.stream(TextSigner.sign(text, threshold).bands()).boxed().toList();
    }

    private static Optional<NearDuplicateSearch> search(Prompt prompt) {
        return Optional.ofNullable(prompt.getRunParameters().getNearDuplicates());
    }

    private static boolean rejects(Optional<NearDuplicatePolicy> policy) {
        return policy.filter(NearDuplicatePolicy.REJECT::equals).isPresent();
    }

    /** The reference does not depend on the attempts of a slot: a prompt is claimed once. */
    private static NeighbourRequests of(Prompt prompt, String runId, Seq seq, boolean provisional) {
        SlotRef ref = new SlotRef(runId, prompt.getPromptId(), prompt.getOrigin(), 0, 1, 1);
        return of(prompt, ref, prompt.getPromptId(), new Seq(seq.getOffset(), seq.getPartition(), 0), provisional);
    }

    private static NeighbourRequests of(Candidate candidate, Seq seq) {
        SlotRef ref = candidate.getTask().getRef();
        return of(candidate.getTask().getPrompt(), ref, SlotId.sampleId(ref.getRunId(), SlotId.of(ref)), seq, false);
    }

    private static NeighbourRequests of(Prompt prompt, SlotRef ref, String id, Seq seq, boolean provisional) {
        Instant opened = Objects.requireNonNullElse(prompt.getRunOpenedAt(), Instant.EPOCH);
        return new NeighbourRequests(
                ref, id, opened, seq, seq.getPartition(), search(prompt).orElseThrow(), provisional);
    }

    private static String reasoning(Candidate candidate) {
        return candidate.getOutcome() instanceof Completion completion && completion.getReasoning() != null
                ? completion.getReasoning()
                : "";
    }
}
