package dev.precept.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The overlay of the console, which is read-only and has no run, no Kafka and no recipe. */
class ConsoleOverlayTest {
    private static final String NAME = "console";

    @Test
    void itChangesNothingAndAnswersOnlyWithATokenAndEncryption() {
        Manifest console = Overlay.rendered(NAME).role(NAME);
        List<String> arguments = Manifest.texts(console.container().path("args"));
        assertThat(arguments).startsWith("console", "--dataset").contains("--read-only", "0.0.0.0");
        List<String> mounts = Manifest.elements(console.container().path("volumeMounts"))
                .map(mount -> mount.path("mountPath").asText())
                .toList();
        for (String option : List.of("--token-file", "--tls-certificate", "--tls-key")) {
            String file = arguments.get(arguments.indexOf(option) + 1);
            assertThat(mounts).as(option).contains(file.substring(0, file.lastIndexOf('/')));
        }
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            assertThat(console.container().path(probe).at("/httpGet/scheme").asText())
                    .as(probe)
                    .isEqualTo("HTTPS");
        }
    }
}
