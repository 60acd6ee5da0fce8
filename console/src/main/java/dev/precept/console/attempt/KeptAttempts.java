package dev.precept.console.attempt;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.runtime.WorkFolder;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The newest attempts of this process, and the files in which a person keeps some: one JSON line each. A file is replaced as a
 * whole, one process at a time, so that no line is torn or lost. Thread-safe.
 */
final class KeptAttempts {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int NEWEST = 100;
    private static final int ID_CHARACTERS = 12;
    private static final Object APPENDING = new Object(); // a lock of a file is held by the whole process

    private final WorkFolder folder;
    private final Map<String, AttemptResult> newest = new LinkedHashMap<>();

    KeptAttempts(WorkFolder folder) {
        this.folder = folder;
    }

    synchronized void add(AttemptResult result) {
        newest.put(result.id(), result);
        if (newest.size() > NEWEST) {
            newest.remove(newest.keySet().iterator().next());
        }
    }

    synchronized Optional<AttemptResult> find(String id) {
        return Optional.ofNullable(newest.get(id));
    }

    /** Stores the prompt as a row of {@code prompts.files}, unless it is there; returns the name of the file. */
    String keepPrompt(AttemptResult result) throws IOException {
        ObjectNode line = JSON.createObjectNode().put("prompt", result.prompt());
        if (!result.categories().isEmpty()) {
            line.set("categories", JSON.valueToTree(result.categories()));
        }
        return append("prompts.jsonl", line);
    }

    /** Stores prompt and answer as a line of {@code judge.canaries.file}, unless it is there. */
    String keepCanary(AttemptResult result, String expect, List<String> everyCategory) throws IOException {
        ObjectNode line = JSON.createObjectNode()
                .put("id", "try-" + result.id().substring(0, ID_CHARACTERS))
                .put("prompt", result.prompt());
        line.set("categories", JSON.valueToTree(result.shown().isEmpty() ? everyCategory : result.shown()));
        if (result.reasoning() != null) {
            line.put("reasoning", result.reasoning());
        }
        return append("canaries.jsonl", line.put("answer", result.answer()).put("expect", expect));
    }

    private String append(String file, ObjectNode line) throws IOException {
        synchronized (APPENDING) {
            try (FileChannel lock = FileChannel.open(
                            folder.resolve("keep.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock _ = lock.lock()) {
                String before = folder.read(file).orElse("");
                if (before.lines().noneMatch(each -> isSame(each, line))) {
                    folder.write(file, before + (before.isEmpty() || before.endsWith("\n") ? "" : "\n") + line + "\n");
                }
            }
        }
        return folder.resolve(file).toString();
    }

    /** The id of a canary must be there once. */
    private static boolean isSame(String stored, ObjectNode line) {
        return line.has("id") ? stored.contains("\"id\":" + line.get("id")) : stored.equals(line.toString());
    }
}
