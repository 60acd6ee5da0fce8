package dev.precept.console.attempt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.config.ConfigurationException;
import dev.precept.runtime.WorkFolder;
import dev.precept.schemas.Amount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * What the prompts of a folder have spent, so that a restart does not begin the budget anew. Each process writes a file of its
 * own. Thread-safe.
 */
final class AttemptSpend {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PREFIX = "spend-";
    private static final String SUFFIX = ".json";

    private final WorkFolder folder;
    private final String name = PREFIX + UUID.randomUUID() + SUFFIX;
    private final Amount before;
    private Amount written = Amount.ZERO;

    /** @throws ConfigurationException if a file of the folder is no spend */
    AttemptSpend(WorkFolder folder) {
        this.folder = folder;
        Amount sum = Amount.ZERO;
        for (Path file : files()) {
            sum = sum.plus(read(file));
        }
        this.before = sum;
    }

    private List<Path> files() {
        try (Stream<Path> all = Files.list(folder.root())) {
            return all.filter(file -> {
                        String each = String.valueOf(file.getFileName());
                        return each.startsWith(PREFIX) && each.endsWith(SUFFIX);
                    })
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + folder.root(), e);
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

    /** By earlier processes. */
    Amount before() {
        return before;
    }

    /** @param spent by this process so far */
    synchronized void write(Amount spent) {
        if (!spent.equals(written)) {
            folder.write(name, JSON.createObjectNode().put("usd", spent.usd()).put("tokens", spent.tokens()) + "\n");
            written = spent;
        }
    }
}
