package dev.precept.cli.command;

import dev.precept.config.ConfigurationException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Gates that a user overrides, and why: both are in the audit. */
final class OverrideOptions {
    @Option(
            names = "--override",
            paramLabel = "GATE",
            description = "go on although this gate is not met; the audit has the gate and the reason. May be repeated")
    private List<String> gates = List.of();

    @Option(names = "--why", paramLabel = "TEXT", description = "with --override: the reason, for the audit")
    private @Nullable String why;

    /**
     * Checks that gates that apply and a reason are given, or none.
     *
     * @param applying names of the gates that apply; none if there is no gate
     * @throws ConfigurationException if not
     */
    void requireKnown(Collection<String> applying) {
        if (gates.isEmpty() && why != null) {
            throw new ConfigurationException("--why: is the reason of an --override GATE, which is missing");
        }
        for (String gate : gates) {
            if (!applying.contains(gate)) {
                throw new ConfigurationException("--override " + gate + ": no such gate applies; "
                        + (applying.isEmpty() ? "there is none" : "there is " + String.join(", ", applying)));
            } else if (why == null || why.isBlank()) {
                throw new ConfigurationException(
                        "--override " + gate + ": give the reason with --why TEXT, for the audit");
            }
        }
    }

    /**
     * Checks that no gate is overridden where nothing moves.
     *
     * @param instead what the command needs for an override
     * @throws ConfigurationException if one is
     */
    void requireNone(String instead) {
        if (!gates.isEmpty() || why != null) {
            throw new ConfigurationException(
                    (gates.isEmpty() ? "--why" : "--override " + gates.getFirst()) + ": " + instead);
        }
    }

    boolean isOf(String name) {
        return gates.contains(name);
    }

    /** Adds what is overridden to the details of an audit record. */
    void addTo(Map<String, String> details) {
        if (!gates.isEmpty() && why != null) {
            details.put("override", String.join(", ", gates));
            details.put("why", why);
        }
    }
}
