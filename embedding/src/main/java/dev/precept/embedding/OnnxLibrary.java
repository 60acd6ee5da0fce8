package dev.precept.embedding;

import ai.onnxruntime.OrtEnvironment;
import dev.precept.model.ModelCallException.Misconfigured;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Loads the native library of ONNX Runtime. The library would leave its files in the temporary folder of a process that does
 * not end normally, so they are unpacked here and deleted once they are loaded.
 */
final class OnnxLibrary {
    private static final String FOLDER = "onnxruntime.native.path";

    private OnnxLibrary() {}

    /** @throws Misconfigured if this system has no such library, or its temporary folder does not allow one */
    static synchronized OrtEnvironment load() throws Misconfigured {
        String temporary = System.getProperty("java.io.tmpdir", "");
        String platform = platform();
        try {
            Path folder = Files.createTempDirectory("precept-onnx-");
            List<Path> files = List.of(
                    folder.resolve(System.mapLibraryName("onnxruntime")),
                    folder.resolve(System.mapLibraryName("onnxruntime4j_jni")));
            try {
                for (Path file : files) {
                    unpack("/ai/onnxruntime/native/" + platform + "/" + file.getFileName(), file);
                }
                System.setProperty(FOLDER, folder.toString());
                return OrtEnvironment.getEnvironment();
            } finally {
                for (Path file : files) {
                    Files.deleteIfExists(file);
                }
                Files.deleteIfExists(folder);
            }
        } catch (IOException e) {
            throw new Misconfigured("java.io.tmpdir " + temporary
                    + ": the library of the embedded model cannot be written: " + e.getMessage());
        } catch (LinkageError | IllegalStateException e) {
            throw new Misconfigured(
                    "the embedded model needs glibc and a temporary folder that is not mounted noexec, which "
                            + temporary + " on " + platform + " is not (" + reason(e)
                            + "); give release.semantic.url, an endpoint for embeddings");
        }
    }

    private static void unpack(String resource, Path file) throws IOException, Misconfigured {
        try (InputStream in = OnnxLibrary.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new Misconfigured("the embedded model does not run on " + platform()
                        + "; give release.semantic.url, an endpoint for embeddings");
            }
            Files.copy(in, file);
        }
    }

    private static String platform() {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String machine = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        String os = system.contains("mac") ? "osx" : system.contains("win") ? "win" : "linux";
        return os + "-" + (machine.contains("aarch64") || machine.contains("arm") ? "aarch64" : "x64");
    }

    private static String reason(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String line = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
        return line.substring(line.lastIndexOf(": ") + 1).strip();
    }
}
