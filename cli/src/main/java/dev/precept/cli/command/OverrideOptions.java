package dev.precept.cli.command;

import dev.precept.config.ConfigurationException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A gate that a user overrides, and why: both are in the audit. */
final class OverrideOptions {
    @Option(
            names = "--override",
            paramLabel = "GATE",
            description = "go on although this gate is not met; the audit has the gate and the reason")
    private @Nullable String gate;

    @Option(names = "--why", paramLabel = "TEXT", description = "with --override: the reason, for the audit")
    private @Nullable String why;

    /**
     * Checks that a known gate and a reason are given, or none.
     *
     * @throws ConfigurationException if not
     */
    void requireKnown(List<String> gates) {
        if (gate == null) {
            if (why != null) {
                throw new ConfigurationException("--why: is the reason of an --override GATE, which is missing");
            }
        } else if (!gates.contains(gate)) {
            throw new ConfigurationException(
                    "--override " + gate + ": there is no such gate; give " + String.join(" or ", gates));
        } else if (why == null || why.isBlank()) {
            throw new ConfigurationException("--override " + gate + ": give the reason with --why TEXT, for the audit");
        }
    }

    boolean isOf(String name) {
        return name.equals(gate);
    }

    /** Adds what is overridden to the details of an audit record. */
    void addTo(Map<String, String> details) {
        if (gate != null && why != null) {
            details.put("override", gate);
            details.put("why", why);
        }
    }
}
