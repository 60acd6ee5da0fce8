package dev.precept.reward;

import com.fasterxml.jackson.databind.JsonNode;
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
 * What the processes of a work folder spent, so that a restart does not begin a budget anew. Each process writes a file of its
 * own; replicas that share no folder have budgets of their own.
 */
final class SpendFile {
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
    static SpendFile open(WorkFolder folder) {
        Amount sum = Amount.ZERO;
        for (Path file : files(folder)) {
            try {
                JsonNode json = RequestJson.MAPPER.readTree(Files.readAllBytes(file));
                if (!json.path("usd").isNumber() || !json.path("tokens").isIntegralNumber()) {
                    throw new ConfigurationException(file + ": is no spend; delete it to forget what it held");
                }
                sum = sum.plus(new Amount(
                        json.path("usd").doubleValue(), json.path("tokens").longValue()));
            } catch (IOException e) {
                throw new ConfigurationException(file + ": cannot be read; delete it to forget what it held");
            }
        }
        return new SpendFile(folder, sum);
    }

    private static List<Path> files(WorkFolder folder) {
        try (Stream<Path> all = Files.list(folder.root())) {
            return all.filter(file -> String.valueOf(file.getFileName()).startsWith(PREFIX)
                            && String.valueOf(file.getFileName()).endsWith(SUFFIX))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + folder.root(), e);
        }
    }

    /** What earlier processes spent. */
    Amount before() {
        return before;
    }

    /** @param all with what earlier processes spent */
    synchronized void write(Amount all) {
        Amount own = all.minus(before);
        if (own.equals(written)) {
            return;
        }
        folder.write(
                name,
                RequestJson.MAPPER
                        .createObjectNode()
                        .put("usd", own.usd())
                        .put("tokens", own.tokens())
                        .toString());
        written = own;
    }
}
