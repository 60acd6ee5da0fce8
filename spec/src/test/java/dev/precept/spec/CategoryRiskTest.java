package dev.precept.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A category can carry a risk: it is part of the version if it is stated, and only then. */
class CategoryRiskTest {
    private static final String HIGH = "{taxonomy: preparedness, category: cbrn, level: high}";

    @TempDir
    Path folder;

    private Specification load(String risk) {
        String stated = risk.isEmpty() ? "" : "    risk: " + risk + "\n";
        return SpecFixture.kitchen(folder)
                .file(
                        "spec.yaml",
                        SpecFixture.INDEX
                                .replace("    summary: Hot things.\n", "$0" + stated)
                                .replace("$0", "    summary: Hot things.\n"))
                .load();
    }

    @Test
    void aSpecificationWithoutARiskKeepsItsVersion() {
        Specification plain = load("");
        assertThat(new String(plain.compile(), StandardCharsets.UTF_8)).doesNotContain("risk");
        assertThat(plain.risks()).isEmpty();
        assertThat(plain.version()).isNotEqualTo(load(HIGH).version());
    }

    @Test
    void theBundleHoldsTheRisk() {
        Specification stated = load(HIGH);
        Risk high = new Risk(Risk.Category.CBRN, Risk.Level.HIGH);
        assertThat(stated.risks()).isEqualTo(Map.of("Fire", high));
        String bundle = new String(stated.compile(), StandardCharsets.UTF_8);
        Specification read = Specification.fromBundle(bundle);
        assertThat(read.version()).isEqualTo(stated.version());
        assertThat(read.risks()).isEqualTo(stated.risks());
        assertThat(Specification.risksOfBundle(bundle)).isEqualTo(stated.risks());
        assertThat(high).hasToString("high cbrn");
        assertThatExceptionOfType(SpecException.class)
                .isThrownBy(() -> Specification.fromBundle(bundle.replace("\"high\"", "\"highest\"")))
                .withMessageContaining("the risk of 'Fire' is unknown");
    }

    @Test
    void theLevelOrdersBeforeTheCategory() {
        assertThat(Risk.all()).isSorted().hasSize(16).startsWith(new Risk(Risk.Category.CBRN, Risk.Level.LOW));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            high                                                   | is a string; write it as {taxonomy: preparedness
            [cbrn, high]                                           | is a list; write it as
            {category: cbrn, level: high}                          | has the taxonomy ''; it must be preparedness
            {taxonomy: asimov, category: cbrn, level: high}        | has the taxonomy 'asimov'; it must be preparedness
            {taxonomy: preparedness, category: bio, level: high}   | has the category 'bio'; give one of cbrn, persuasion, autonomy, cybersecurity
            {taxonomy: preparedness, level: high}                  | has the category ''; give one of
            {taxonomy: preparedness, category: cbrn, level: HIGH}  | has the level 'HIGH'; give one of low, medium, high, critical
            {taxonomy: preparedness, category: cbrn, level: 3}     | has the level ''; give one of low
            {taxonomy: preparedness, category: cbrn, risk: high}   | has an unknown key 'risk'; write it as
            """)
    void anInvalidRiskIsOneLineWithItsPlace(String risk, String problem) {
        assertThatExceptionOfType(SpecException.class)
                .isThrownBy(() -> load(risk))
                .satisfies(thrown -> {
                    assertThat(thrown.problems())
                            .singleElement()
                            .asString()
                            .startsWith(folder.resolve("spec.yaml") + ":9: the risk of category 'Fire' ");
                    assertThat(thrown.getMessage()).contains(problem);
                });
    }
}
