package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs blocks of a page with bash in a folder, where {@code precept} is the command of this class path. */
final class DocumentedShell {
    private static final long MINUTES = 5;

    private final Path folder;
    private final Path bin;
    private @Nullable String model;

    /** @param folder the current directory of the blocks is {@code here} in it, which is empty at first */
    DocumentedShell(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder.resolve("here"));
        this.bin = Files.createDirectories(folder.resolve("bin"));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        script(
                "precept",
                "exec '" + java + "' -Xmx512m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
                        + " --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -Dprecept.home='"
                        + MarkdownPage.ROOT.toAbsolutePath() + "' -cp '" + System.getProperty("java.class.path") + "' "
                        + Precept.class.getName() + " \"$@\"");
    }

    private void script(String name, String line) throws IOException {
        Path script = bin.resolve(name);
        Files.writeString(script, "#!/bin/bash\n" + line + "\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
    }

    /**
     * Whether {@code PRECEPT_PYTHON} names a Python with TRL. It is {@code python3} of the blocks then, and {@code MODEL} names
     * a small model with random weights, made here.
     */
    boolean hasPython() throws IOException, InterruptedException {
        String python = System.getenv("PRECEPT_PYTHON");
        if (python == null || model != null) {
            return model != null;
        }
        if (execute(List.of(python, "-c", "import torch, trl")).exitCode() != 0) {
            return false;
        }
        script("python3", "exec '" + python + "' \"$@\"");
        Path script = bin.resolve("tiny_model.py");
        try (InputStream in = Objects.requireNonNull(DocumentedShell.class.getResourceAsStream("tiny_model.py"))) {
            Files.copy(in, script);
        }
        Path made = bin.resolve("model");
        Result result = execute(List.of(python, script.toString(), made.toString()));
        assertThat(result.exitCode()).as(result.output()).isZero();
        model = made.toString();
        return true;
    }

    /** Runs a block, all of whose commands must succeed, and returns its output. */
    String run(MarkdownPage.Block block) throws IOException, InterruptedException {
        Result result = execute(List.of("bash", "-euo", "pipefail", "-c", block.text()));
        assertThat(result.exitCode())
                .as(block.where() + ":\n" + result.output())
                .isZero();
        return result.output();
    }

    private record Result(int exitCode, String output) {}

    private Result execute(List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(bin, "output", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(output.toFile());
        Map<String, String> environment = builder.environment();
        environment.merge("PATH", bin.toString(), (path, first) -> first + ":" + path);
        environment.putAll(Map.of("HF_HOME", bin.resolve("hf").toString(), "HF_HUB_OFFLINE", "1"));
        if (model != null) {
            environment.put("MODEL", model);
        }
        Process process = builder.start();
        try {
            assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES))
                    .as(String.valueOf(command))
                    .isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return new Result(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    }
}
