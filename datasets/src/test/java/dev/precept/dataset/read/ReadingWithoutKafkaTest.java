package dev.precept.dataset.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.content.Sha256;
import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.release.Release;
import dev.precept.dataset.release.ReleaseSettings;
import dev.precept.dataset.view.View;
import dev.precept.records.Sample;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A trainer's program needs module datasets and what it depends on, and no class of Kafka or Confluent. */
class ReadingWithoutKafkaTest {
    /** Written by the build: what a program that depends on this module gets at run time. */
    private static final Path CLASS_PATH = Path.of("target", "runtime-classpath.txt");

    private static final String SPECIFICATION = Sha256.hex("{}");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void pullVerifyAndReadCompileAndRunWithoutKafka() throws Exception {
        List<Path> classPath = classPath();
        assertThat(classPath).noneMatch(ReadingWithoutKafkaTest::hasKafka);

        CommittedDataset dataset = new CommittedDataset(folder.resolve("dataset"), folder.resolve("spool"));
        dataset.dataset().storeSpecification(SPECIFICATION, "{}");
        dataset.samples(
                0,
                Stream.of(1, 2, 3)
                        .map(n -> Sample.newBuilder(NeutralRows.sample(n))
                                .setSpecVersion(SPECIFICATION)
                                .build())
                        .toList());
        dataset.complete();
        Release.make(dataset.dataset(), new ReleaseSettings("v1", List.of(View.SFT), 8), folder.resolve("drafts"));

        assertThat(run(classPath)).isEqualTo("rows 3, problems 0\n");
        long bytes = 0;
        for (Path entry : classPath) {
            bytes += sizeOf(entry);
        }
        System.out.printf("class path of a trainer: %d entries, %.1f MB%n", classPath.size(), bytes / 1e6);
    }

    private String run(List<Path> classPath) throws Exception {
        Path source = folder.resolve("Trainer.java");
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("/trainer/Trainer.java"))) {
            Files.write(source, in.readAllBytes());
        }
        String paths = String.join(
                File.pathSeparator, classPath.stream().map(Path::toString).toList());
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int compiled = ToolProvider.getSystemJavaCompiler()
                .run(null, null, errors, "-proc:none", "-cp", paths, "-d", folder.toString(), source.toString());
        assertThat(compiled).as(errors.toString(StandardCharsets.UTF_8)).isZero();
        Path output = folder.resolve("output");
        Process trainer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        folder + File.pathSeparator + paths,
                        "Trainer",
                        folder.resolve("dataset").toString(),
                        folder.resolve("pulled").toString())
                .redirectOutput(output.toFile())
                .redirectError(folder.resolve("errors").toFile())
                .start();
        assertThat(trainer.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(trainer.exitValue())
                .as(Files.readString(folder.resolve("errors")))
                .isZero();
        return Files.readString(output);
    }

    private static List<Path> classPath() throws IOException {
        List<Path> entries =
                new ArrayList<>(List.of(Path.of("target", "classes").toAbsolutePath()));
        for (String entry : Files.readString(CLASS_PATH).strip().split(File.pathSeparator)) {
            entries.add(Path.of(entry));
        }
        return entries;
    }

    private static boolean hasKafka(Path entry) {
        if (Files.isDirectory(entry)) {
            return Files.exists(entry.resolve("org/apache/kafka")) || Files.exists(entry.resolve("io/confluent"));
        }
        try (ZipFile jar = new ZipFile(entry.toFile())) {
            return jar.stream()
                    .anyMatch(file -> file.getName().startsWith("org/apache/kafka/")
                            || file.getName().startsWith("io/confluent/"));
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + entry, e);
        }
    }

    private static long sizeOf(Path entry) throws IOException {
        try (Stream<Path> files = Files.walk(entry)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
