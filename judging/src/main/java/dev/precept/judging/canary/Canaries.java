package dev.precept.judging.canary;

import dev.precept.config.ConfigurationException;
import dev.precept.content.Sha256;
import dev.precept.records.JudgingTask;
import dev.precept.records.SlotRef;
import dev.precept.schemas.SlotId;
import dev.precept.spec.Specification;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The canaries of a recipe, and the choice of the tasks they are judged beside. Immutable. */
public final class Canaries {
    /** No canaries. */
    public static final Canaries NONE = new Canaries(Path.of(""), List.of(), 1);

    private static final int HASH_HEX = 16;

    private final Path file;
    private final List<CanaryLine> lines;
    private final int every;

    private Canaries(Path file, List<CanaryLine> lines, int every) {
        this.file = file;
        this.lines = lines;
        this.every = every;
    }

    /**
     * Reads the canaries of a recipe.
     *
     * @throws ConfigurationException with every problem of the file, each with its line
     */
    public static Canaries load(Optional<CanarySettings> settings) {
        if (settings.isEmpty()) {
            return new Canaries(Path.of(""), List.of(), CanarySettings.DEFAULT_EVERY);
        }
        CanarySettings given = settings.get();
        return given.file()
                .map(file -> new Canaries(file, CanaryReader.read(file), given.every()))
                .orElseGet(() -> new Canaries(Path.of(""), List.of(), given.every()));
    }

    /** These canaries and more, which are in no file. */
    public Canaries with(List<KnownAnswer> more) {
        List<CanaryLine> all = new ArrayList<>(lines);
        more.forEach(answer -> all.add(new CanaryLine(0, answer.canary())));
        return new Canaries(file, List.copyOf(all), every);
    }

    /** @throws ConfigurationException if a canary names a category that the specification does not have */
    public void requireKnownCategories(Specification specification) {
        List<String> problems = new ArrayList<>();
        for (CanaryLine line : lines) {
            List<String> unknown = specification.unknownCategories(line.canary().categories());
            if (!unknown.isEmpty()) {
                problems.add(line.locationIn(file) + ": no category '" + String.join("', '", unknown) + "'; there are "
                        + String.join(", ", specification.categories()));
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }

    public int size() {
        return lines.size();
    }

    /** The canary to judge beside a task: a function of the task, so that a retry has the same one. */
    Optional<Canary> canaryFor(JudgingTask task) {
        SlotRef ref = task.getCandidate().getTask().getRef();
        return canaryFor(SlotId.of(ref) + "\n" + ref.getAttempt() + "\n" + ref.getTryNumber());
    }

    /** The canary to judge beside something else, by its name. */
    Optional<Canary> canaryFor(String name) {
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        long hash = Long.parseUnsignedLong(Sha256.hex("canary\n" + name).substring(0, HASH_HEX), 16);
        if (Long.remainderUnsigned(hash, every) != 0) {
            return Optional.empty();
        }
        int index = (int) Long.remainderUnsigned(Long.divideUnsigned(hash, every), lines.size());
        return Optional.of(lines.get(index).canary());
    }
}
