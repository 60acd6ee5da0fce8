package dev.precept.runs;

import dev.precept.config.ConfigurationException;
import dev.precept.records.Run;
import dev.precept.runtime.ExitCode;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** Something that a person asks of a run, whether it is on or not. It holds until something else is asked. */
public final class ControlChange {
    private ControlChange() {}

    /** @param state in which the run is afterwards, in a word */
    public static int apply(Path work, String state, UnaryOperator<Run> change) throws InterruptedException {
        RunConnection runConnection = RunConnection.open(work);
        String runId = runConnection.run().runId();
        if (runConnection.folder().read(FinalProgressFile.NAME).isPresent()) {
            throw new ConfigurationException(
                    "--work " + runConnection.folder().root() + ": run " + runId + " is finished");
        }
        boolean begun = runConnection.withKafka(kafka -> {
            try (RunControl control = new RunControl(kafka, runId)) {
                return control.update(change);
            }
        });
        if (!begun) {
            throw new ConfigurationException("--work " + runConnection.folder().root() + ": run " + runId
                    + " is only starting; ask again in a moment");
        }
        System.out.println("run " + runId + ": " + state
                + (runConnection.folder().isInUse() ? "" : "; nothing works on it now, 'precept run' does"));
        return ExitCode.RELEASED.code();
    }
}
