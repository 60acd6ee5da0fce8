package dev.precept.cli.nemesis;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Many seeds, one after the other. The outcome of each is kept in a file, so that a campaign that was interrupted goes on
 * where it was; the report is written anew after each seed.
 *
 * @param folder of outcomes and report
 * @param kills of each seed
 * @param others faults of each seed beside its kills
 * @param lines prompts of each seed
 */
record Campaign(Path folder, int kills, int others, int lines) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** The campaign of the system properties {@code precept.nemesis.*}. */
    static Campaign configured() {
        return new Campaign(
                Path.of(System.getProperty("precept.nemesis.folder", "target/nemesis"))
                        .toAbsolutePath(),
                Integer.getInteger("precept.nemesis.kills", 10),
                Integer.getInteger("precept.nemesis.others", 7),
                Integer.getInteger("precept.nemesis.lines", 300));
    }

    /** {@code precept.nemesis.seeds} seeds, from {@code precept.nemesis.first}. */
    static LongStream seeds() {
        long first = Long.getLong("precept.nemesis.first", 1);
        return LongStream.range(first, first + Integer.getInteger("precept.nemesis.seeds", 30));
    }

    /** The outcome of a seed; executes it unless an earlier execution of the same campaign passed. */
    Outcome execute(long seed, Path scratch) throws IOException, InterruptedException {
        Optional<Outcome> earlier = read(seed);
        if (earlier.isPresent()
                && earlier.get().problems().isEmpty()
                && earlier.get().planned() == kills) {
            System.out.println("done before: " + earlier.get());
            return earlier.get();
        }
        Workload workload = new Workload(lines);
        Site.Options options = new Site.Options(seed % 3 == 0, seed % 2 == 0, List.of(), true, "2s");
        Outcome outcome = execute(scratch, workload, options, Schedule.random(seed, kills, others), seed, PATIENCE);
        Files.createDirectories(folder);
        JSON.writerWithDefaultPrettyPrinter().writeValue(file(seed).toFile(), outcome);
        Files.writeString(folder.resolve("report.md"), report());
        return outcome;
    }

    /** Executes a schedule in a new site. The site's folder is kept if something is wrong. */
    static Outcome execute(
            Path scratch, Workload workload, Site.Options options, Schedule schedule, long seed, Duration patience)
            throws IOException, InterruptedException {
        System.out.println("seed " + seed + " in " + scratch + ": " + schedule.steps());
        try (NumberedModel model = NumberedModel.start(workload, seed);
                Site site = Site.open(scratch, workload, model, options, seed)) {
            Outcome outcome = new Scenario(site, workload, patience).run(schedule, seed);
            System.out.println(outcome);
            return outcome;
        }
    }

    private Path file(long seed) {
        return folder.resolve("seed-" + seed + ".json");
    }

    private Optional<Outcome> read(long seed) throws IOException {
        return Files.exists(file(seed))
                ? Optional.of(JSON.readValue(file(seed).toFile(), Outcome.class))
                : Optional.empty();
    }

    private List<Outcome> outcomes() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches("seed--?\\d+\\.json"))
                    .map(file -> {
                        try {
                            return JSON.readValue(file.toFile(), Outcome.class);
                        } catch (IOException e) {
                            throw new UncheckedIOException(file + " is no outcome; delete it", e);
                        }
                    })
                    .sorted(Comparator.comparingLong(Outcome::seed))
                    .toList();
        }
    }

    private String report() throws IOException {
        List<Outcome> all = outcomes();
        Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
        all.forEach(outcome -> outcome.done().forEach((fault, times) -> faults.merge(fault, times, Integer::sum)));
        int killed = all.stream().mapToInt(Outcome::kills).sum();
        int again = all.stream().mapToInt(Outcome::answeredAgain).sum();
        List<String> lines = new ArrayList<>(List.of(
                "# Nemesis",
                "",
                "| what | figure |",
                "|---|---|",
                "| seeds | " + all.size() + " |",
                "| kills | " + killed + " |",
                "| faults by kind | " + faults + " |",
                "| samples | " + sum(all.stream().mapToInt(Outcome::samples)) + " |",
                "| lost | " + sum(all.stream().mapToInt(Outcome::lost)) + " |",
                "| doubled | " + sum(all.stream().mapToInt(Outcome::doubled)) + " |",
                "| model calls | " + sum(all.stream().mapToInt(Outcome::calls)) + " |",
                "| calls made again though answered | " + again + " |",
                "| the same, per kill | " + String.format(Locale.ROOT, "%.2f", (double) again / Math.max(1, killed))
                        + " |",
                "| recovery after the last fault, p50 and p99, ms | " + quantile(all, Outcome::recoveryMillis, 0.5)
                        + ", " + quantile(all, Outcome::recoveryMillis, 0.99) + " |",
                "| longest silence of the model, ms | " + quantile(all, Outcome::silenceMillis, 1) + " |",
                "",
                "| seed | kills | lost | doubled | made again | own ends | recovery ms | s | wrong |",
                "|---|---|---|---|---|---|---|---|---|"));
        all.forEach(outcome -> lines.add(String.join(
                " | ",
                "| " + outcome.seed(),
                String.valueOf(outcome.kills()),
                String.valueOf(outcome.lost()),
                String.valueOf(outcome.doubled()),
                String.valueOf(outcome.answeredAgain()),
                String.valueOf(outcome.ownEnds()),
                String.valueOf(outcome.recoveryMillis()),
                String.valueOf(outcome.millis() / 1000),
                outcome.problems().size() + " |")));
        return String.join("\n", lines) + "\n";
    }

    private static int sum(IntStream figures) {
        return figures.sum();
    }

    private static long quantile(List<Outcome> all, ToLongFunction<Outcome> figure, double share) {
        long[] sorted = all.stream().mapToLong(figure).sorted().toArray();
        return sorted.length == 0 ? 0 : sorted[(int) Math.min(sorted.length - 1L, (long) (share * sorted.length))];
    }
}
