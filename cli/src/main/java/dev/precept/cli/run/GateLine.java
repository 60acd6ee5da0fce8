package dev.precept.cli.run;

import dev.precept.dataset.Dataset;
import dev.precept.dataset.gate.RefGate;
import dev.precept.dataset.gate.RefGates;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** Stores the gate of refs that a recipe names in its dataset, with what to print and to record. */
public final class GateLine {
    private GateLine() {}

    /** Adds the gate of a recipe to the details of an audit record. */
    public static void addTo(Map<String, String> details, Optional<RefGate> gate) {
        gate.ifPresent(given -> details.put("gates.eval", text(given)));
    }

    /** Whether a recipe has another gate than the dataset. */
    public static boolean isNew(Dataset dataset, Optional<RefGate> gate) throws IOException {
        return gate.isPresent() && !new RefGates(dataset).newest().equals(gate);
    }

    /**
     * Makes the gate of a recipe that of the dataset.
     *
     * @return a line that says so; empty if it is already, or the recipe has none
     */
    public static Optional<String> apply(Dataset dataset, Optional<RefGate> gate) throws IOException {
        return gate.isPresent() && new RefGates(dataset).apply(gate.get())
                ? Optional.of("gate eval: " + text(gate.get()))
                : Optional.empty();
    }

    private static String text(RefGate gate) {
        return gate.refs().isEmpty()
                ? "no ref is guarded"
                : String.join(", ", gate.refs()) + " moves with " + gate.describe();
    }
}
