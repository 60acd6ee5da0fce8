package dev.precept.dataset.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a gate says of a number that is null. */
class GateTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            alpha       | {"alpha": null, "ac2": 1, "audited": 59}   | all votes are alike, so there is no disagreement
            alpha       | {"alpha": null, "ac2": null, "audited": 2} | the files hold too little to tell the agreement
            sensitivity | {"alpha": null, "ac2": 1, "audited": 59}   | the files hold too little to tell the share
            """)
    void theReasonOfANullIsSaid(String gate, String judge, String reason) throws IOException {
        assertThat(Gate.failures(Map.of(gate, 0.5), new ObjectMapper().readTree("{\"judge\": " + judge + "}")))
                .singleElement()
                .asString()
                .startsWith("gate " + gate + ": null, at least 0.5 is allowed; ")
                .contains(reason);
    }
}
