package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.runtime.WorkFolder;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A budget of a work folder is that of one process. */
class RewardCommandTest {
    private static final Path ROOT = Path.of(System.getProperty("precept.root", ".."));

    @Test
    void aSecondProcessWithABudgetNeedsAFolderOfItsOwn(@TempDir Path work) {
        WorkFolder folder = new WorkFolder(work.resolve("reward"));
        folder.prepare();
        try (WorkFolder.Lock _ = folder.lock()) {
            CommandResult second = CommandResult.run(
                    "reward",
                    ROOT.resolve("starter/recipe.yaml").toString(),
                    "--work",
                    work.toString(),
                    "--set",
                    "budget.tokens=100000000",
                    "--set",
                    "reward.bind=0.0.0.0"); // would be refused later

            assertThat(second.code()).isEqualTo(2);
            assertThat(second.err()).contains("--work " + folder.root() + ": in use by another process");
        }
    }
}
