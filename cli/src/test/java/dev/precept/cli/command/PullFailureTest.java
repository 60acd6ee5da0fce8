package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A failed pull prints one line, leaves no partial file, and resumes. */
@Tag("slow")
@Tag("ci")
class PullFailureTest {
    private static final int SAMPLES = 4_000;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private String location;

    @BeforeEach
    void release() throws IOException {
        DatasetFixture dataset = new DatasetFixture(folder.resolve("dataset"));
        location = dataset.folder().toString();
        dataset.samples(0, SAMPLES);
        dataset.complete(SAMPLES);
        release("v1");
    }

    private void release(String name) {
        CommandResult commandResult = CommandResult.run(
                "release", "--dataset", location, "--as", name, "--views", "sft,raw", "--shards", "8");
        assertThat(commandResult.code()).as(commandResult.err()).isZero();
    }

    @Test
    void aFullDisk() throws Exception {
        Path disk = Files.createDirectories(folder.resolve("disk"));
        assumeThat(mount("-t", "tmpfs", "-o", "size=320k", "precept-test", disk.toString()))
                .as("tmpfs can be mounted")
                .isTrue();
        try {
            Path to = disk.resolve("v1");
            CommandResult commandResult = pull("v1", to);
            assertThat(commandResult.code())
                    .as(commandResult.out() + commandResult.err())
                    .isEqualTo(1);
            assertThat(commandResult.err())
                    .hasLineCount(1)
                    .startsWith("pull to " + to + ": stopped (no space left on device)")
                    .contains("the same command resumes");
            List<Path> whole = files(to);
            assertThat(whole).anyMatch(file -> file.toString().endsWith(".part"));
            for (Path file : whole.stream()
                    .filter(file -> file.toString().endsWith(".parquet"))
                    .toList()) {
                Path released = Path.of(location, "releases/v1").resolve(to.relativize(file));
                assertThat(file).hasSameBinaryContentAs(released);
            }

            for (Path part : whole.stream()
                    .filter(file -> file.toString().endsWith(".part"))
                    .toList()) {
                String name = to.relativize(part).toString().replace(".part", "");
                byte[] kept = Files.readAllBytes(part);
                byte[] content =
                        Files.readAllBytes(Path.of(location, "releases/v1").resolve(name));
                assertThat(Arrays.mismatch(content, kept)).as(name).isIn(-1, kept.length);
            }

            assertThat(mount("-o", "remount,size=64m", disk.toString())).isTrue();
            CommandResult again = pull("v1", to);
            assertThat(again.code()).as(again.err()).isZero();
            assertThat(again.out()).contains("all hashes match");
            assertThat(files(to)).hasSize(8 + 3); // manifest, card, croissant
        } finally {
            run("umount", disk.toString());
        }
    }

    private static boolean mount(String... args) throws IOException, InterruptedException {
        return run("mount", args) == 0;
    }

    private static int run(String command, String... args) throws InterruptedException {
        List<String> all = Stream.concat(Stream.of(command), Stream.of(args)).toList();
        try {
            return new ProcessBuilder(all)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            return -1; // command not installed
        }
    }

    @Test
    void aMissingShard() throws IOException {
        Files.delete(Path.of(location, "releases/v1/raw/train/train-00003-of-00008.parquet"));
        CommandResult commandResult = pull("v1", folder.resolve("to"));
        assertThat(commandResult.code()).isEqualTo(3);
        assertThat(commandResult.err())
                .hasLineCount(1)
                .startsWith(
                        "releases/v1/raw/train/train-00003-of-00008.parquet: does not exist, but the manifest names it");
    }

    @Test
    void aFlippedByte() throws IOException {
        Path shard = Path.of(location, "releases/v1/raw/train/train-00003-of-00008.parquet");
        byte[] bytes = Files.readAllBytes(shard);
        bytes[bytes.length / 3] ^= 4;
        Files.write(shard, bytes);
        CommandResult commandResult = pull("v1", folder.resolve("to"));
        assertThat(commandResult.code()).isEqualTo(3);
        assertThat(commandResult.err())
                .hasLineCount(1)
                .startsWith("releases/v1/raw/train/train-00003-of-00008.parquet: has the SHA-256 ");
        assertThat(files(folder.resolve("to")))
                .noneMatch(file -> file.toString().contains("00003"));
    }

    @Test
    void aMissingVersion() throws IOException {
        CommandResult commandResult = pull("v7", folder.resolve("to"));
        assertThat(commandResult.code()).isEqualTo(2);
        assertThat(commandResult.err()).hasLineCount(1).contains("no version or ref 'v7'; its versions are v1");
        assertThat(folder.resolve("to")).doesNotExist();
    }

    @Test
    void aMovedRef() throws IOException {
        Path shard = Path.of(location, "releases/v1/raw/train/train-00003-of-00008.parquet");
        byte[] bytes = Files.readAllBytes(shard);
        Files.delete(shard);
        assertThat(pull("latest", folder.resolve("to")).code()).isEqualTo(3);
        Files.write(shard, bytes);
        release("v2");

        List<Path> before = files(folder.resolve("to"));
        CommandResult commandResult = pull("latest", folder.resolve("to"));
        assertThat(commandResult.code()).isEqualTo(2);
        assertThat(commandResult.err()).hasLineCount(1).contains("holds version v1 of dataset", ", not version v2 of ");
        assertThat(files(folder.resolve("to"))).isEqualTo(before);
        assertThat(pull("v1", folder.resolve("to")).code()).isZero();
    }

    private CommandResult pull(String version, Path to) {
        return CommandResult.run(
                "pull", location + "@" + version, "--view", "raw", "--to", to.toString(), "--parallel", "2");
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
