package dev.precept.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.precept.testkit.Seed;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Test vectors from RFC 8785, sections 3.2.2 and 3.2.3 and appendix B. */
final class CanonicalJsonTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @CsvSource({
        "0000000000000000, 0",
        "8000000000000000, 0",
        "0000000000000001, 5e-324",
        "8000000000000001, -5e-324",
        "7fefffffffffffff, 1.7976931348623157e+308",
        "ffefffffffffffff, -1.7976931348623157e+308",
        "4340000000000000, 9007199254740992",
        "c340000000000000, -9007199254740992",
        "4430000000000000, 295147905179352830000",
        "44b52d02c7e14af5, 9.999999999999997e+22",
        "44b52d02c7e14af6, 1e+23",
        "44b52d02c7e14af7, 1.0000000000000001e+23",
        "444b1ae4d6e2ef4e, 999999999999999700000",
        "444b1ae4d6e2ef4f, 999999999999999900000",
        "444b1ae4d6e2ef50, 1e+21",
        "3eb0c6f7a0b5ed8c, 9.999999999999997e-7",
        "3eb0c6f7a0b5ed8d, 0.000001",
        "41b3de4355555553, 333333333.3333332",
        "41b3de4355555554, 333333333.33333325",
        "41b3de4355555555, 333333333.3333333",
        "41b3de4355555556, 333333333.3333334",
        "41b3de4355555557, 333333333.33333343",
        "becbf647612f3696, -0.0000033333333333333333",
        "43143ff3c1cb0959, 1424953923781206.2"
    })
    void numbersHaveTheirEcmaScriptForm(String bits, String text) {
        double value = Double.longBitsToDouble(Long.parseUnsignedLong(bits, 16));
        assertThat(CanonicalJson.of(DoubleNode.valueOf(value))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "1e21, 1e+21",
        "1E20, 100000000000000000000",
        "1e-7, 1e-7",
        "1e-6, 0.000001",
        "333333333.33333329, 333333333.3333333",
        "-0, 0",
        "-0.0, 0",
        "1.0, 1",
        "100, 100",
        "-12.50, -12.5",
        "1e-323, 1e-323",
        "0.1, 0.1"
    })
    void equalNumbersHaveEqualText(String json, String text) throws JsonProcessingException {
        assertThat(canonical(json)).isEqualTo(text);
    }

    @Test
    void everyFiniteNumberRoundTrips() throws JsonProcessingException {
        RandomGenerator random = Seed.random(Seed.choose(getClass()));
        for (int i = 0; i < 20_000; i++) {
            double value = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(value) && value != 0) {
                String text = CanonicalJson.of(DoubleNode.valueOf(value));
                assertThat(Double.parseDouble(text)).isEqualTo(value);
                assertThat(canonical(text)).isEqualTo(text);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void nonFiniteNumbersAreRejected(double value) {
        assertThatThrownBy(() -> CanonicalJson.of(DoubleNode.valueOf(value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not a JSON number");
    }

    @Test
    void aMissingNodeIsRejected() {
        assertThatThrownBy(() -> CanonicalJson.of(MissingNode.getInstance()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theExampleOfTheStandardMatches() throws JsonProcessingException {
        String json = """
                {
                  "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
                  "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",
                  "literals": [null, true, false]
                }""";
        assertThat(canonical(json))
                .isEqualTo("{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
                        + "\"string\":\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
    }

    @Test
    void membersAreSortedByUtf16CodeUnitsNotByCodePoints() throws JsonProcessingException {
        String json = """
                {"\\u20ac": 5, "\\r": 1, "\\ufb33": 7, "1": 2, "\\ud83d\\ude00": 6, "\\u0080": 3, "\\u00f6": 4}""";
        assertThat(canonical(json))
                .isEqualTo(
                        "{\"\\r\":1,\"1\":2,\"\u0080\":3,\"\u00f6\":4,\"\u20ac\":5,\"\ud83d\ude00\":6,\"\ufb33\":7}");
    }

    @Test
    void onlyRequiredEscapesAreWritten() throws JsonProcessingException {
        assertThat(canonical("\"\\b\\t\\n\\f\\r\\\"\\\\\\/ \\u0000\\u001f\\u007f\\u2028\\u00e9\""))
                .isEqualTo("\"\\b\\t\\n\\f\\r\\\"\\\\/ \\u0000\\u001f\u007f\u2028\u00e9\"");
    }

    @Test
    void nestedValuesAreSortedAtEveryDepthAndListsKeepTheirOrder() throws JsonProcessingException {
        assertThat(canonical("{ \"b\" : [ {\"z\":1, \"a\":[ ]}, 2 , [3,1] ], \"a\" : { \"d\":{ }, \"c\":null } }"))
                .isEqualTo("{\"a\":{\"c\":null,\"d\":{}},\"b\":[{\"a\":[],\"z\":1},2,[3,1]]}");
    }

    private static String canonical(String json) throws JsonProcessingException {
        return CanonicalJson.of(JSON.readTree(json));
    }
}
