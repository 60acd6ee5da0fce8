package dev.precept.streams;

import dev.precept.records.Candidate;
import dev.precept.records.NeighbourAnswer;
import dev.precept.records.PromptEvent;
import dev.precept.records.Verdict;
import dev.precept.streams.ledger.ClosedRun;
import dev.precept.streams.ledger.Step;
import dev.precept.streams.step.Checking;
import dev.precept.streams.step.Curating;
import dev.precept.streams.step.Deciding;
import dev.precept.streams.step.Intake;
import dev.precept.streams.step.Screening;

/** The step of each input topic. */
record Steps(
        Step<PromptEvent> intake,
        Step<NeighbourAnswer> checking,
        Step<Candidate> screening,
        Step<Verdict> deciding,
        Step<NeighbourAnswer> curating) {
    static Steps standard() {
        return withRowsPerEvent(ClosedRun.ROWS_PER_EVENT);
    }

    /** @param rowsPerEvent rows of a closed run that one event deletes at most */
    static Steps withRowsPerEvent(int rowsPerEvent) {
        return new Steps(new Intake(rowsPerEvent), new Checking(), new Screening(), new Deciding(), new Curating());
    }
}
