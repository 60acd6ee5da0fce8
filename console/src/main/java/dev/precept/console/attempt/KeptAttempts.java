package dev.precept.console.attempt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.runtime.WorkFolder;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
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

    /** Stores the prompt as a row of {@code prompts.files}; returns the name of the file. A run takes a prompt once. */
    String keepPrompt(AttemptResult result) throws IOException {
        ObjectNode line = JSON.createObjectNode().put("prompt", result.prompt());
        if (!result.categories().isEmpty()) {
            line.set("categories", JSON.valueToTree(result.categories()));
        }
        return keep("prompts.jsonl", "prompt", line);
    }

    /** Stores prompt and answer as a line of {@code judge.canaries.file}. */
    String keepCanary(AttemptResult result, String expect, List<String> everyCategory) throws IOException {
        ObjectNode line = JSON.createObjectNode()
                .put("id", "try-" + result.id().substring(0, ID_CHARACTERS))
                .put("prompt", result.prompt());
        line.set("categories", JSON.valueToTree(result.shown().isEmpty() ? everyCategory : result.shown()));
        if (result.reasoning() != null) {
            line.put("reasoning", result.reasoning());
        }
        return keep("canaries.jsonl", "id", line.put("answer", result.answer()).put("expect", expect));
    }

    /** @param key the member by which a line is the same one */
    private String keep(String file, String key, ObjectNode line) throws IOException {
        synchronized (APPENDING) {
            try (FileChannel lock = FileChannel.open(
                            folder.resolve("keep.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock _ = lock.lock()) {
                String before = folder.read(file).orElse("");
                String after = with(before, key, line);
                if (!after.equals(before)) {
                    folder.write(file, after);
                }
            }
        }
        return folder.resolve(file).toString();
    }

    /** The newest statement about a prompt or an answer counts; what a person has added to its line stays. */
    private static String with(String before, String key, ObjectNode line) {
        List<String> lines = new ArrayList<>(before.lines().toList());
        for (int at = 0; at < lines.size(); at++) {
            Optional<ObjectNode> known = parse(lines.get(at));
            if (known.isPresent() && line.path(key).equals(known.get().path(key))) {
                ObjectNode changed = known.get().deepCopy();
                changed.remove("categories"); // a prompt may be kept again without any
                changed.setAll(line);
                if (!changed.equals(known.get())) {
                    lines.set(at, changed.toString());
                }
                return text(lines);
            }
        }
        lines.add(line.toString());
        return text(lines);
    }

    private static String text(List<String> lines) {
        return String.join("\n", lines) + "\n";
    }

    /** Empty for a line that a person has broken: readers of the file name it. */
    private static Optional<ObjectNode> parse(String line) {
        try {
            return JSON.readTree(line) instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
