package dev.precept.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.config.ConfigurationException;
import dev.precept.schemas.Amount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The spend of a folder is that of all its processes, each counted once. */
class SpendFileTest {
    @TempDir
    private Path folder;

    @Test
    void aLaterProcessKnowsWhatAllEarlierOnesSpent() {
        WorkFolder work = new WorkFolder(folder);
        SpendFile first = SpendFile.open(work);
        SpendFile second = SpendFile.open(work);
        first.write(new Amount(0.5, 100));
        first.write(new Amount(0.75, 120));
        first.write(new Amount(0.5, 110)); // read before by a thread that writes after another one
        second.write(new Amount(0.25, 30));

        assertThat(first.before()).isEqualTo(Amount.ZERO);
        assertThat(SpendFile.open(work).before()).isEqualTo(new Amount(1, 150));
    }

    @Test
    void aFileThatIsNoSpendIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("spend-1.json"), "{\"usd\": 1}");

        assertThatThrownBy(() -> SpendFile.open(new WorkFolder(folder)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(file + ": is no spend; delete it to forget what it held");
    }
}
