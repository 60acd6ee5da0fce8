package dev.precept.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Evaluates KEDA's formula with {@code node}, which has the same syntax for arithmetic and conditionals. */
class ScalerSaturationTest {
    private static final Pattern NAME = Pattern.compile("[a-z]+(?![a-z(])");

    @ParameterizedTest
    @CsvSource({
        // one worker per 512 tasks, rounded up
        "0, 0, 1, 0",
        "1, 0, 1, 1",
        "513, 0, 1, 2",
        "5000, 0, 2, 10",
        // saturated models: no more workers than now, and fewer if the lag needs fewer
        "5000, 1, 2, 2",
        "5000, 2, 0, 1",
        "600, 1, 8, 2",
        "0, 3, 8, 0",
    })
    void theDesiredNumberOfWorkers(int lag, int saturated, int workers, int desired) {
        Assumptions.assumeTrue(ExternalCommand.exists("node"), "node is not installed, so no formula is evaluated");
        formulas()
                .forEach(formula -> assertThat(ExternalCommand.output(List.of(
                                        "node",
                                        "-e",
                                        "const {min, max, ceil} = Math, lag = " + lag + ", saturated = " + saturated
                                                + ", workers = " + workers + "; console.log(" + formula + ")"))
                                .strip())
                        .as(formula)
                        .isEqualTo(String.valueOf(desired)));
    }

    @Test
    void theFormulaUsesExactlyTheTriggers() {
        Overlay.rendered("production")
                .ofKind("ScaledObject")
                .forEach(scaled -> assertThat(names(scaled.spec()
                                .at("/advanced/scalingModifiers/formula")
                                .asText()))
                        .isEqualTo(Manifest.elements(scaled.spec().path("triggers"))
                                .map(trigger -> trigger.path("name").asText())
                                .collect(Collectors.toCollection(TreeSet::new))));
    }

    private static Stream<String> formulas() {
        List<String> all = Overlay.rendered("production")
                .ofKind("ScaledObject")
                .map(scaled ->
                        scaled.spec().at("/advanced/scalingModifiers/formula").asText())
                .toList();
        assertThat(all).hasSize(2);
        return all.stream();
    }

    private static Set<String> names(String formula) {
        return NAME.matcher(formula)
                .results()
                .map(found -> found.group())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
