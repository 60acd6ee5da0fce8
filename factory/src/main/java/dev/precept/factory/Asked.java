package dev.precept.factory;

import dev.precept.records.Run;
import dev.precept.runtime.ExitCode;
import dev.precept.runtime.config.ConfigurationException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** Something that a person asks of a run, whether it is on or not. It holds until something else is asked. */
final class Asked {
    private Asked() {}

    /** @param state in which the run is afterwards, in a word */
    static int of(Path work, String state, UnaryOperator<Run> change) throws InterruptedException {
        Reach reach = Reach.of(work);
        String runId = reach.run().runId();
        if (reach.folder().read(BooksFile.NAME).isPresent()) {
            throw new ConfigurationException("--work " + reach.folder().root() + ": run " + runId + " is finished");
        }
        boolean begun = reach.visit(kafka -> {
            try (RunControl control = new RunControl(kafka, runId)) {
                return control.change(change);
            }
        });
        if (!begun) {
            throw new ConfigurationException(
                    "--work " + reach.folder().root() + ": run " + runId + " is only starting; ask again in a moment");
        }
        System.out.println("run " + runId + ": " + state
                + (reach.folder().isInUse() ? "" : "; nothing works on it now, 'precept run' does"));
        return ExitCode.RELEASED.code();
    }
}
