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
    void utilisationIsTheTimeSpentInsideOverTheTimeOfAllPlaces() throws JsonProcessingException {
        Occupancy occupancy = new Occupancy(Set.of(2L, 4L));
        occupancy.begin(1_000, 10);
        occupancy.begin(2_000, 10); // 2 inside for 4,000
        occupancy.served(6_000); // 1 inside for 1,000
        occupancy.begin(7_000, 10); // 2 inside for 2,000
        occupancy.abandoned(9_000); // 1 inside for 1,000
        occupancy.begin(10_000, 10);

        ServerSnapshot seen = new ObjectMapper().readValue(occupancy.json(), ServerSnapshot.class);

        assertThat(seen.utilisation(2, 4, 2)).isCloseTo(14_000 / 16_000.0, within(1e-9));
        assertThat(seen.most()).isEqualTo(2);
        assertThat(seen.inside()).isEqualTo(2);
        assertThat(seen.abandoned()).isEqualTo(1);
        assertThatThrownBy(() -> seen.utilisation(1, 4, 2)).hasMessageStartingWith("call 1 is not among");
    }
}
