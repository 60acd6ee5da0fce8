package dev.precept.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.config.ConfigurationException;
import dev.precept.schemas.Amount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * What the processes of a work folder spent, so that a restart does not begin a budget anew. Each process writes a file of its
 * own; replicas that share no folder have budgets of their own. Thread-safe.
 */
public final class SpendFile {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PREFIX = "spend-";
    private static final String SUFFIX = ".json";

    private final WorkFolder folder;
    private final String name = PREFIX + UUID.randomUUID() + SUFFIX;
    private final Amount before;
    private Amount written = Amount.ZERO;

    private SpendFile(WorkFolder folder, Amount before) {
        this.folder = folder;
        this.before = before;
    }

    /** @throws ConfigurationException if a file of the folder is no spend */
    public static SpendFile open(WorkFolder folder) {
        Amount sum = Amount.ZERO;
        for (Path file : files(folder)) {
            sum = sum.plus(read(file));
        }
        return new SpendFile(folder, sum);
    }

    private static List<Path> files(WorkFolder folder) {
        try (Stream<Path> all = Files.list(folder.root())) {
            return all.filter(file -> {
                        String each = String.valueOf(file.getFileName());
                        return each.startsWith(PREFIX) && each.endsWith(SUFFIX);
                    })
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + folder.root(), e);
        }
    }

    private static Amount read(Path file) {
        try {
            JsonNode json = JSON.readTree(Files.readAllBytes(file));
            if (json.path("usd").isNumber() && json.path("tokens").isIntegralNumber()) {
                return new Amount(
                        json.path("usd").doubleValue(), json.path("tokens").longValue());
            }
        } catch (IOException e) {
            throw new ConfigurationException(file + ": cannot be read; delete it to forget what it held");
        }
        throw new ConfigurationException(file + ": is no spend; delete it to forget what it held");
    }

    /** What earlier processes spent. */
    public Amount before() {
        return before;
    }

    /** @param spent by this process so far; less than was written before is of an earlier moment, and not written */
    public synchronized void write(Amount spent) {
        if (spent.usd() > written.usd() || spent.tokens() > written.tokens()) {
            folder.write(name, JSON.createObjectNode().put("usd", spent.usd()).put("tokens", spent.tokens()) + "\n");
            written = spent;
        }
    }
}
