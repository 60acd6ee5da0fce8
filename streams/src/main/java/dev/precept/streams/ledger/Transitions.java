package dev.precept.streams.ledger;

import dev.precept.records.SlotState;
import java.util.EnumSet;
import java.util.Set;

/** The legal transitions of a slot. Any other is a bug. */
final class Transitions {
    private Transitions() {}

    static boolean isTerminal(SlotState state) {
        return successors(state).isEmpty();
    }

    static void require(SlotState from, SlotState to) {
        if (!successors(from).contains(to)) {
            throw new IllegalStateException("a slot cannot move from " + from + " to " + to);
        }
    }

    private static Set<SlotState> successors(SlotState state) {
        return switch (state) {
            case ADMITTED -> EnumSet.of(SlotState.CHECKING, SlotState.REJECTED, SlotState.INVALID);
            case CHECKING -> EnumSet.of(SlotState.GENERATING, SlotState.REJECTED, SlotState.INVALID);
            case GENERATING -> EnumSet.of(SlotState.SCREENING, SlotState.REJECTED, SlotState.INVALID);
            case SCREENING ->
                EnumSet.of(SlotState.GENERATING, SlotState.JUDGING, SlotState.REJECTED, SlotState.INVALID);
            case JUDGING ->
                EnumSet.of(
                        SlotState.JUDGING,
                        SlotState.GENERATING,
                        SlotState.CURATING,
                        SlotState.REJECTED,
                        SlotState.INVALID);
            case CURATING ->
                EnumSet.of(SlotState.GENERATING, SlotState.ACCEPTED, SlotState.REJECTED, SlotState.INVALID);
            case ACCEPTED, REJECTED, INVALID -> EnumSet.noneOf(SlotState.class);
        };
    }
}
