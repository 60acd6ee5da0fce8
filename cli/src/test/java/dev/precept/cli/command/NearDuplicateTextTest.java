package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.config.NearDuplicateSettings;
import dev.precept.config.NearDuplicateSettings.Policy;
import org.junit.jupiter.api.Test;

class NearDuplicateTextTest {
    @Test
    void showsPoliciesAndTheCurveOfTheBands() {
        assertThat(NearDuplicateText.of(NearDuplicateSettings.DEFAULT)).isEqualTo("""
                prompts: reject, samples: reject; similar from 0.8 on
                Jaccard .50 .55 .60 .65 .70 .75 .80 .85 .90 .95
                found %  13  24  40  59  78  92  98  99  99  99
                18 bands of 7 values; what is found is verified""");
    }

    @Test
    void fitsTheColumnsThatDoctorHas() {
        String text = NearDuplicateText.of(new NearDuplicateSettings(Policy.REPORT, Policy.REJECT, 0.95, 64));
        assertThat(text.lines()).allMatch(line -> line.length() <= 56).hasSize(5);
    }

    @Test
    void nothingIsShownOfBandsThatAreNotUsed() {
        assertThat(NearDuplicateText.of(new NearDuplicateSettings(Policy.OFF, Policy.OFF, 0.8, 1)))
                .isEqualTo("not searched");
    }
}
