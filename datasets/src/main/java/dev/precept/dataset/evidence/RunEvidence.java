package dev.precept.dataset.evidence;

import dev.precept.dataset.Dataset;
import dev.precept.dataset.InvalidDocumentException;
import dev.precept.dataset.Layout;
import dev.precept.records.CanaryCounts;
import dev.precept.records.CanaryExpectation;
import dev.precept.records.Spend;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a complete run has spent by role, and what its judges did with canaries. Stored once in the dataset when the run is
 * complete on every chain, and never changed.
 *
 * @param asOf the newest report that is in it
 * @param unsettled worker instances whose last report says that they were at work: what they did after it is missing
 * @param roles by role of the worker
 * @param judges by the name that the recipe gives the model
 * @param canaries by id, then by expectation
 */
public record RunEvidence(
        String runId,
        Instant asOf,
        long unsettled,
        Map<String, RoleSpend> roles,
        Map<String, JudgeVotes> judges,
        List<Canary> canaries) {
    private static final String JUDGE = "judge";

    public RunEvidence {
        roles = Map.copyOf(roles);
        judges = Map.copyOf(judges);
        canaries = List.copyOf(canaries);
    }

    /**
     * The spend of one role.
     *
     * @param instances process instances that have reported
     * @param calls without those answered from the cache
     * @param callsByOutcome with those answered from the cache
     * @param cachedTokens of the prompt tokens
     * @param reasoningTokens of the completion tokens
     * @param estimatedCalls calls whose tokens are estimated
     * @param invalidVotes answers that were no valid vote
     */
    public record RoleSpend(
            long instances,
            long calls,
            Map<String, Long> callsByOutcome,
            long promptTokens,
            long cachedTokens,
            long completionTokens,
            long reasoningTokens,
            double usd,
            long estimatedCalls,
            long invalidVotes) {
        public RoleSpend {
            callsByOutcome = Map.copyOf(callsByOutcome);
        }

        private static RoleSpend of(Spend spend) {
            return new RoleSpend(
                    1,
                    spend.getCalls(),
                    spend.getCallsByOutcome(),
                    spend.getPromptTokens(),
                    spend.getCachedTokens(),
                    spend.getCompletionTokens(),
                    spend.getReasoningTokens(),
                    spend.getUsd(),
                    spend.getEstimatedCalls(),
                    spend.getInvalidVotes());
        }

        private RoleSpend plus(RoleSpend other) {
            Map<String, Long> outcomes = new TreeMap<>(callsByOutcome);
            other.callsByOutcome.forEach((outcome, count) -> outcomes.merge(outcome, count, Long::sum));
            return new RoleSpend(
                    instances + other.instances,
                    calls + other.calls,
                    outcomes,
                    promptTokens + other.promptTokens,
                    cachedTokens + other.cachedTokens,
                    completionTokens + other.completionTokens,
                    reasoningTokens + other.reasoningTokens,
                    usd + other.usd,
                    estimatedCalls + other.estimatedCalls,
                    invalidVotes + other.invalidVotes);
        }
    }

    /**
     * What the judges did with one canary.
     *
     * @param id of the canary; one that begins with {@code *} stands for all that one worker did not count apart
     * @param undecided times without a verdict
     */
    public record Canary(String id, CanaryExpectation expected, long kept, long turnedAway, long undecided) {
        private static Canary of(String id, CanaryCounts counts) {
            // One that was being judged at the last report of its worker has got no verdict.
            return new Canary(
                    id,
                    counts.getExpected(),
                    counts.getKept(),
                    counts.getTurnedAway(),
                    counts.getUndecided() + counts.getInFlight());
        }

        private Canary plus(Canary other) {
            return new Canary(
                    id, expected, kept + other.kept, turnedAway + other.turnedAway, undecided + other.undecided);
        }
    }

    /**
     * Sums the reports of a run; empty if there is none.
     *
     * @param reports the newest of each worker instance; those of other runs are left out
     */
    public static Optional<RunEvidence> of(String runId, Collection<Spend> reports) {
        List<Spend> mine = reports.stream()
                .filter(spend -> spend.getRunId().equals(runId))
                .sorted(Comparator.comparing(Spend::getRole).thenComparing(Spend::getWorker))
                .toList();
        Map<String, RoleSpend> roles = new TreeMap<>();
        Map<String, JudgeVotes> judges = new TreeMap<>();
        Map<String, Canary> canaries = new TreeMap<>();
        for (Spend spend : mine) {
            roles.merge(spend.getRole(), RoleSpend.of(spend), RoleSpend::plus);
            if (spend.getRole().equals(JUDGE) && !spend.getModel().isEmpty()) {
                judges.merge(spend.getModel(), JudgeVotes.of(spend), JudgeVotes::plus);
            }
            canaries(spend)
                    .forEach((id, counts) ->
                            canaries.merge(id + "|" + counts.getExpected(), Canary.of(id, counts), Canary::plus));
        }
        return mine.stream()
                .map(Spend::getAsOf)
                .max(Comparator.naturalOrder())
                .map(newest -> new RunEvidence(
                        runId,
                        newest,
                        mine.stream().filter(RunEvidence::isAtWork).count(),
                        roles,
                        judges,
                        List.copyOf(canaries.values())));
    }

    /** Whether more reports of this instance can be expected while it lives. */
    public static boolean isAtWork(Spend spend) {
        boolean ended = spend.getLease() != null && spend.getLease().getEnded();
        return !ended
                && (spend.getInFlight() > 0
                        || spend.getWaiting() > 0
                        || canaries(spend).values().stream().anyMatch(counts -> counts.getInFlight() > 0));
    }

    private static Map<String, CanaryCounts> canaries(Spend spend) {
        return Objects.requireNonNullElse(spend.getCanaries(), Map.of());
    }

    /** The stored evidence of a run; empty if there is none: the run is not complete, or was before evidence was stored. */
    public static Optional<RunEvidence> read(Dataset dataset, String runId) throws IOException {
        Optional<byte[]> stored = dataset.store().read(Layout.runEvidence(runId));
        if (stored.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(parse(stored.get()));
        } catch (InvalidDocumentException e) {
            throw new InvalidDocumentException(Layout.runEvidence(runId) + ": " + e.getMessage(), e);
        }
    }

    /** Stores the evidence unless the run has some; whether it was stored. */
    public boolean store(Dataset dataset) throws IOException {
        return dataset.store().createIfAbsent(Layout.runEvidence(runId), RunEvidenceJson.write(this));
    }

    /** @throws InvalidDocumentException naming the member that is missing or wrong */
    public static RunEvidence parse(byte[] json) throws InvalidDocumentException {
        return RunEvidenceJson.read(json);
    }
}
