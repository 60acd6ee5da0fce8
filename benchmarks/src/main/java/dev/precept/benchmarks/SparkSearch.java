package dev.precept.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Runs {@code benchmarks/spark/SparkMinHash.java} with a class path of its own, which Maven downloads once. */
final class SparkSearch {
    private static final List<String> PACKAGES = List.of(
            "java.lang",
            "java.lang.invoke",
            "java.lang.reflect",
            "java.io",
            "java.net",
            "java.nio",
            "java.util",
            "java.util.concurrent",
            "java.util.concurrent.atomic",
            "sun.nio.ch",
            "sun.nio.cs",
            "sun.security.action",
            "sun.util.calendar");

    private final Path folder;
    private final String java;

    /**
     * @param folder {@code benchmarks/spark}
     * @param java of version 17 or 21, on which Spark runs
     */
    SparkSearch(Path folder, String java) {
        this.folder = folder.toAbsolutePath(); // Maven takes a relative folder from that of its pom
        this.java = java;
    }

    /** The time of the search at each threshold. Downloads Spark the first time. */
    Map<Double, SearchTime> search(Path documents, List<Double> thresholds) throws IOException, InterruptedException {
        Path jars = folder.resolve("target/jars");
        if (Files.notExists(jars)) {
            System.err.println("downloading Spark (once, 300 MB)");
            run(List.of(
                    "mvn",
                    "-q",
                    "-B",
                    "-f",
                    folder.resolve("pom.xml").toString(),
                    "dependency:copy-dependencies",
                    "-DoutputDirectory=" + jars));
        }
        List<String> command = new ArrayList<>(List.of(java, "-Xmx4g", "-XX:+UseSerialGC"));
        PACKAGES.forEach(name -> command.add("--add-opens=java.base/" + name + "=ALL-UNNAMED"));
        command.addAll(
                List.of("-cp", jars + "/*", folder.resolve("SparkMinHash.java").toString()));
        command.add(documents.toString());
        thresholds.forEach(threshold -> command.add(threshold.toString()));
        Map<Double, SearchTime> times = new LinkedHashMap<>();
        for (String line : run(command)) {
            String[] parts = line.split(" ", -1);
            if (parts[0].equals("searched")) {
                times.put(Double.valueOf(parts[1]), SearchTime.read(parts));
            }
        }
        return times;
    }

    private List<String> run(List<String> command) throws IOException, InterruptedException {
        Path errors = Files.createTempFile("spark-search", ".err");
        Process process =
                new ProcessBuilder(command).redirectError(errors.toFile()).start();
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            List<String> lines = output.lines().peek(System.err::println).toList();
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command.getFirst() + " failed:\n" + tail(errors));
            }
            return lines;
        } finally {
            process.destroyForcibly();
            Files.deleteIfExists(errors);
        }
    }

    private static String tail(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return String.join("\n", lines.limit(40).toList());
        }
    }
}
