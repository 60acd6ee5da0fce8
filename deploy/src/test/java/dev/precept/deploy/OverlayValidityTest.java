package dev.precept.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OverlayValidityTest {
    @ParameterizedTest
    @MethodSource("overlays")
    void everyDocumentIsValid(String name) {
        Overlay overlay = Overlay.rendered(name);
        assertThat(overlay.manifests().stream().flatMap(manifest -> SchemaChecks.problems(manifest).stream()))
                .isEmpty();
        Map<String, Long> kinds = overlay.manifests().stream()
                .collect(Collectors.groupingBy(Manifest::kind, TreeMap::new, Collectors.counting()));
        System.out.println(name + ": " + overlay.manifests().size() + " documents " + kinds);
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void documentNamesAreUnique(String name) {
        Map<String, Long> names = Overlay.rendered(name).manifests().stream()
                .map(Manifest::what)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        assertThat(names.values()).allMatch(n -> n == 1);
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void everyReferenceResolves(String name) {
        Overlay overlay = Overlay.rendered(name);
        assertThat(Stream.of(
                                ReferenceChecks.problems(overlay),
                                PortChecks.problems(overlay),
                                SelectorChecks.problems(overlay))
                        .flatMap(List::stream))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void everyPodConformsToTheRestrictedProfile(String name) {
        assertThat(PodSecurityChecks.problems(Overlay.rendered(name))).isEmpty();
    }

    /** Those of a run, and those of services beside it. */
    static Stream<String> overlays() {
        return Stream.concat(Overlay.NAMES.stream(), Stream.of("console", "reward"));
    }
}
