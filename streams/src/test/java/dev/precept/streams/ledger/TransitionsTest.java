package dev.precept.streams.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.precept.records.SlotState;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

final class TransitionsTest {
    private static final Set<SlotState> ENDS = Set.of(SlotState.ACCEPTED, SlotState.REJECTED, SlotState.INVALID);

    /** Forward, back to generation from every state after it, and another round of judging. */
    private static final Set<String> INNER = Set.of(
            "ADMITTED CHECKING",
            "CHECKING GENERATING",
            "GENERATING SCREENING",
            "SCREENING JUDGING",
            "JUDGING JUDGING",
            "JUDGING CURATING",
            "CURATING ACCEPTED",
            "SCREENING GENERATING",
            "JUDGING GENERATING",
            "CURATING GENERATING");

    static Stream<Arguments> pairs() {
        return Arrays.stream(SlotState.values())
                .flatMap(from -> Arrays.stream(SlotState.values()).map(to -> arguments(from, to)));
    }

    @ParameterizedTest(name = "{0} to {1}")
    @MethodSource("pairs")
    void legalTransitionsPassAndOthersFail(SlotState from, SlotState to) {
        boolean rejected = !ENDS.contains(from) && (to == SlotState.REJECTED || to == SlotState.INVALID);
        if (rejected || INNER.contains(from + " " + to)) {
            assertThatCode(() -> Transitions.require(from, to)).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> Transitions.require(from, to))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("a slot cannot move from " + from + " to " + to);
        }
    }

    @ParameterizedTest
    @EnumSource(SlotState.class)
    void onlyEndStatesAreTerminal(SlotState state) {
        assertThat(Transitions.isTerminal(state)).isEqualTo(ENDS.contains(state));
    }

    @Test
    void unbalancedProgressIsNeverPublished() {
        PartitionCounters partitionCounters = PartitionCounters.empty("run-1", 3);
        partitionCounters.countAdmitted();
        assertThat(partitionCounters.finish(Instant.EPOCH).getSlots()).isEqualTo(1);
        partitionCounters.countAccepted(List.of());
        assertThatThrownBy(() -> partitionCounters.finish(Instant.EPOCH))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("run-1 on partition 3 does not balance: 1 slots, 2 counted");
    }

    @Test
    void countersDoNotChangeTheProgressTheyStartFrom() {
        PartitionCounters partitionCounters = PartitionCounters.empty("run-1", 0);
        partitionCounters.countAdmitted();
        var partitionProgress = partitionCounters.finish(Instant.EPOCH);
        PartitionCounters next = PartitionCounters.of(partitionProgress);
        next.countAdmitted();
        next.countStale();
        assertThat(partitionProgress.getSlots()).isEqualTo(1);
        assertThat(partitionProgress.getInFlight()).containsEntry("ADMITTED", 1L);
        assertThat(partitionProgress.getStale()).isZero();
    }
}
