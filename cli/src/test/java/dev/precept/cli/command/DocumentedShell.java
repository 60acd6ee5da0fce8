package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Runs blocks of a page with bash in a folder, where {@code precept} is the command of this class path. */
final class DocumentedShell {
    private static final long MINUTES = 5;

    private final Path folder;
    private final Path bin;

    /** @param folder the current directory of the blocks is {@code here} in it, which is empty at first */
    DocumentedShell(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder.resolve("here"));
        this.bin = Files.createDirectories(folder.resolve("bin"));
        Path precept = bin.resolve("precept");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Files.writeString(
                precept,
                "#!/bin/bash\nexec '" + java
                        + "' -Xmx512m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED"
                        + " --sun-misc-unsafe-memory-access=allow -Dprecept.home='" + MarkdownPage.ROOT.toAbsolutePath()
                        + "' -cp '" + System.getProperty("java.class.path") + "' " + Precept.class.getName()
                        + " \"$@\"\n");
        assertThat(precept.toFile().setExecutable(true)).isTrue();
    }

    /** Runs a block, all of whose commands must succeed, and returns its output. */
    String run(MarkdownPage.Block block) throws IOException, InterruptedException {
        Path output = Files.createTempFile(bin, "output", ".txt");
        ProcessBuilder builder = new ProcessBuilder("bash", "-euo", "pipefail", "-c", block.text())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(output.toFile());
        builder.environment().merge("PATH", bin.toString(), (path, first) -> first + ":" + path);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES))
                    .as(block.where())
                    .isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        String text = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(process.exitValue()).as(block.where() + ":\n" + text).isZero();
        return text;
    }
}
