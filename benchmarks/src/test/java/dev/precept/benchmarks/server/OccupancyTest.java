package dev.precept.benchmarks.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OccupancyTest {
    @Test
    void utilisationIsBusyTimeOverConcurrencyTimesElapsedTime() throws JsonProcessingException {
        Occupancy occupancy = new Occupancy(Set.of(2L, 4L));
        occupancy.start(1_000, 10);
        occupancy.start(2_000, 10); // 2 in flight for 4,000
        occupancy.served(6_000); // 1 in flight for 1,000
        occupancy.start(7_000, 10); // 2 in flight for 2,000
        occupancy.abandoned(9_000); // 1 in flight for 1,000
        occupancy.start(10_000, 10);

        ServerSnapshot snapshot = new ObjectMapper().readValue(occupancy.json(), ServerSnapshot.class);

        assertThat(snapshot.utilisation(2, 4, 2)).isCloseTo(14_000 / 16_000.0, within(1e-9));
        assertThat(snapshot.maxInFlight()).isEqualTo(2);
        assertThat(snapshot.inFlight()).isEqualTo(2);
        assertThat(snapshot.abandoned()).isEqualTo(1);
        assertThatThrownBy(() -> snapshot.utilisation(1, 4, 2)).hasMessageStartingWith("no mark for call 1 in ");
    }
}
