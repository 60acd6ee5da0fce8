package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.dataset.chain.ChainId;
import dev.precept.store.StoreException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each kind of store failure has one exit code, wherever in a command it occurs. */
final class StoreFailureExitCodeTest {
    @Test
    void aMisconfiguredStoreIsTwo() {
        assertThat(explain(new StoreException.Misconfigured("s3://b/d: no permission; grant it")))
                .isEqualTo(new CommandResult(2, "", "s3://b/d: no permission; grant it\n"));
    }

    @Test
    void aCorruptObjectIsThree() {
        assertThat(explain(new StoreException.Corrupt("s3://b/d/k: damaged; put the right content back")))
                .isEqualTo(new CommandResult(3, "", "s3://b/d/k: damaged; put the right content back\n"));
    }

    @Test
    void anOutageIsOne() {
        CommandResult outage = explain(new StoreException.Unavailable("s3://b/d/k: cannot be read: 503; try again"));
        assertThat(outage.code()).isEqualTo(1);
        assertThat(outage.err()).startsWith("failed: ").contains("s3://b/d/k: cannot be read: 503", "again to resume");
    }

    @Test
    void aDamagedCommitIsThreeForAReaderAndForARelease(@TempDir Path folder) throws IOException {
        DatasetFixture dataset = new DatasetFixture(folder.resolve("dataset"));
        dataset.samples(0, 10);
        dataset.complete(10);
        String key = new ChainId("samples", "topic-s", 0).commitKey(0);
        Files.writeString(dataset.folder().resolve(key), "{\"from\": 0");
        String location = dataset.folder().toString();

        CommandResult read = CommandResult.run("read", location, "--follow");
        assertThat(read.code()).as(read.err()).isEqualTo(3);
        assertThat(read.err()).containsPattern("(?m)^" + Pattern.quote(location + ": " + key + " is not a commit"));

        CommandResult release = CommandResult.run("release", "--dataset", location, "--as", "v1");
        assertThat(release.code()).as(release.err()).isEqualTo(3);
        assertThat(release.err()).containsPattern("(?m)^" + Pattern.quote(location + ": " + key + " is not a commit"));
    }

    private static CommandResult explain(StoreException e) {
        CommandResult bare = run(e);
        CommandResult wrapped = run(new UncheckedIOException("cannot open the dataset", e));
        assertThat(wrapped.code()).isEqualTo(bare.code());
        return wrapped;
    }

    private static CommandResult run(Exception e) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Precept.explain(e, new PrintStream(err, true, StandardCharsets.UTF_8));
        return new CommandResult(code, "", err.toString(StandardCharsets.UTF_8));
    }
}
