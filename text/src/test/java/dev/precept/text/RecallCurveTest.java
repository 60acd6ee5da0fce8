package dev.precept.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecallCurveTest {
    @Test
    void showsWhatBandsFindAtEachSimilarity() {
        assertThat(RecallCurve.text(Banding.of(0.8))).isEqualTo("""
                Jaccard .50 .55 .60 .65 .70 .75 .80 .85 .90 .95
                found %  13  24  40  59  78  92  98  99  99  99""");
    }
}
