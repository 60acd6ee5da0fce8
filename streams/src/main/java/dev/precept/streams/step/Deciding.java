package dev.precept.streams.step;

import dev.precept.records.AttemptFailure;
import dev.precept.records.Candidate;
import dev.precept.records.Failure;
import dev.precept.records.LedgerRow;
import dev.precept.records.Reason;
import dev.precept.records.RunParameters;
import dev.precept.records.SlotState;
import dev.precept.records.Stage;
import dev.precept.records.Verdict;
import dev.precept.records.Vote;
import dev.precept.streams.ledger.Attempt;
import dev.precept.streams.ledger.Event;
import dev.precept.streams.ledger.Ledger;
import dev.precept.streams.ledger.LedgerStores;
import dev.precept.streams.ledger.OpenSlot;
import dev.precept.streams.ledger.OutputRecord;
import dev.precept.streams.ledger.Step;
import java.util.List;
import java.util.Optional;

/** Decides on verdicts: kept, the next attempt, or the end of the slot. */
public final class Deciding implements Step<Verdict> {
    @Override
    public List<OutputRecord> apply(LedgerStores stores, Event<Verdict> event) {
        Candidate judged = event.value().getTask().getCandidate();
        return Ledger.onVerdict(stores, event, judged, (openSlot, row) -> decide(openSlot, row, event.value()));
    }

    private static void decide(OpenSlot openSlot, LedgerRow row, Verdict verdict) {
        Candidate candidate = verdict.getTask().getCandidate();
        Attempt attempt = new Attempt(candidate, verdict.getVotes());
        Optional<AttemptFailure> failure =
                attemptFailure(verdict, candidate.getTask().getPrompt().getRunParameters(), row.getAttempt());
        if (failure.isPresent()) {
            openSlot.failAttempt(attempt, row, failure.get());
        } else {
            openSlot.move(row, SlotState.CURATING);
            curate(openSlot, row, attempt);
        }
    }

    /** Where near-duplicate reasoning will be looked for; until then every judged sample is curated at once. */
    private static void curate(OpenSlot openSlot, LedgerRow row, Attempt attempt) {
        Ledger.accept(openSlot, row, attempt);
    }

    /** Closed, never open: a sample needs every vote that was asked for, each at or above the threshold. */
    static Optional<AttemptFailure> attemptFailure(Verdict verdict, RunParameters runParameters, int attempt) {
        Failure failure = verdict.getFailure();
        List<Vote> votes = verdict.getVotes();
        Optional<Vote> below = votes.stream()
                .filter(vote -> !(vote.getScore() >= runParameters.getThreshold()))
                .findFirst();
        if (below.isPresent()) {
            Vote vote = below.get();
            return Optional.of(new AttemptFailure(
                    Reason.LOW_SCORE,
                    Stage.JUDGING,
                    attempt,
                    "vote " + vote.getVote() + " gave " + vote.getScore() + ", below " + runParameters.getThreshold()));
        }
        if (failure != null) {
            return Optional.of(new AttemptFailure(failure.getReason(), Stage.JUDGING, attempt, failure.getDetail()));
        }
        if (votes.size() < runParameters.getVotes()) {
            return Optional.of(new AttemptFailure(
                    Reason.UNJUDGEABLE,
                    Stage.JUDGING,
                    attempt,
                    votes.size() + " of " + runParameters.getVotes() + " votes were given"));
        }
        return Optional.empty();
    }
}
