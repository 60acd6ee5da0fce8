package dev.precept.judging.canary;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.config.ConfigurationException;
import dev.precept.config.FileErrors;
import dev.precept.records.Message;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads a file of canaries, strictly. Problems are reported with their line and never quote the texts. */
final class CanaryReader {
    private static final String KEY = "judge.canaries.file: ";
    private static final Set<String> FIELDS =
            Set.of("id", "prompt", "messages", "category", "categories", "reasoning", "answer", "expect");
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private CanaryReader() {}

    /** A problem with a line. */
    private static final class InvalidLineException extends Exception {
        private static final long serialVersionUID = 1L;

        InvalidLineException(String problem) {
            super(problem);
        }
    }

    /** @throws ConfigurationException with every problem, each with its line */
    static List<CanaryLine> read(Path file) {
        List<String> problems = new ArrayList<>();
        List<CanaryLine> canaries = new ArrayList<>();
        Map<String, Integer> ids = new HashMap<>();
        List<String> lines = lines(file);
        for (int number = 1; number <= lines.size(); number++) {
            String line = lines.get(number - 1);
            if (line.isBlank()) {
                continue;
            }
            try {
                CanaryLine parsed = new CanaryLine(number, canary(line));
                Integer first = ids.putIfAbsent(parsed.canary().id(), number);
                if (first != null) {
                    throw new InvalidLineException("the id '" + parsed.canary().id() + "' is that of line " + first);
                }
                canaries.add(parsed);
            } catch (InvalidLineException e) {
                problems.add(CanaryLine.location(file, number) + ": " + e.getMessage());
            }
        }
        if (problems.isEmpty() && canaries.isEmpty()) {
            problems.add(KEY + file + ": holds no canary; give one a line, or remove the key from the recipe");
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
        return List.copyOf(canaries);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (CharacterCodingException e) {
            throw new ConfigurationException(KEY + file + ": is not UTF-8 text");
        } catch (IOException e) {
            throw new ConfigurationException(
                    KEY + file + ": cannot be read (" + FileErrors.describe(e) + "); name a readable file");
        }
    }

    private static Canary canary(String line) throws InvalidLineException {
        ObjectNode row = object(line);
        Set<String> unknown = new TreeSet<>();
        row.fieldNames().forEachRemaining(unknown::add);
        unknown.removeAll(FIELDS);
        if (!unknown.isEmpty()) {
            throw new InvalidLineException("unknown field " + String.join(", ", unknown) + "; a canary has "
                    + String.join(", ", new TreeSet<>(FIELDS)));
        }
        String id = filled(row, "id");
        if (!id.matches("[A-Za-z0-9._-]{1,64}")) {
            throw new InvalidLineException("'id' appears in logs; use up to 64 letters, digits, '.', '_' and '-'");
        }
        return new Canary(
                id,
                expected(row),
                conversation(row),
                categories(row),
                row.has("reasoning") ? text(row, "reasoning").strip() : "",
                filled(row, "answer").strip());
    }

    private static ObjectNode object(String line) throws InvalidLineException {
        try {
            if (JSON.readTree(line) instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            boolean duplicate = String.valueOf(e.getOriginalMessage()).startsWith("Duplicate");
            int column = e.getLocation() == null ? 0 : e.getLocation().getColumnNr();
            throw new InvalidLineException((duplicate ? "duplicate field" : "broken JSON") + ", column " + column);
        }
        throw new InvalidLineException("a canary is a JSON object");
    }

    private static Canary.Expected expected(ObjectNode row) throws InvalidLineException {
        return switch (text(row, "expect")) {
            case "keep" -> Canary.Expected.KEEP;
            case "turn-away" -> Canary.Expected.TURN_AWAY;
            default -> throw new InvalidLineException("'expect' must be keep or turn-away");
        };
    }

    private static List<String> categories(ObjectNode row) throws InvalidLineException {
        String name = oneOf(row, "category", "categories");
        Set<String> categories = new LinkedHashSet<>();
        for (JsonNode each : row.path(name).isArray() ? row.path(name) : List.of(row.path(name))) {
            if (!each.isTextual() || each.textValue().isBlank()) {
                throw new InvalidLineException("'" + name + "' must be a string, or a list of strings");
            }
            categories.add(each.textValue());
        }
        if (categories.isEmpty()) {
            throw new InvalidLineException("'" + name + "' is empty; name the categories whose clauses the judge sees");
        }
        return List.copyOf(categories);
    }

    private static List<Message> conversation(ObjectNode row) throws InvalidLineException {
        if (oneOf(row, "prompt", "messages").equals("prompt")) {
            return List.of(message("user", filled(row, "prompt")));
        }
        List<Message> turns = new ArrayList<>();
        for (JsonNode turn : row.path("messages").isArray() ? row.path("messages") : List.<JsonNode>of()) {
            if (!(turn instanceof ObjectNode object)
                    || object.size() != 2
                    || !Set.of("system", "developer", "user", "assistant")
                            .contains(object.path("role").asText())) {
                throw new InvalidLineException(
                        "each of 'messages' has a role (system, developer, user, assistant) and a content");
            }
            turns.add(message(object.path("role").asText(), filled(object, "content")));
        }
        if (turns.isEmpty() || !turns.getLast().getRole().equals("user")) {
            throw new InvalidLineException("'messages' must be a list of turns that ends with one of the user");
        }
        return List.copyOf(turns);
    }

    private static String oneOf(ObjectNode row, String one, String other) throws InvalidLineException {
        if (row.has(one) == row.has(other)) {
            throw new InvalidLineException("give either '" + one + "' or '" + other + "'");
        }
        return row.has(one) ? one : other;
    }

    private static Message message(String role, String content) {
        return Message.newBuilder().setRole(role).setContent(content).build();
    }

    private static String filled(ObjectNode row, String name) throws InvalidLineException {
        String text = text(row, name);
        if (text.isBlank()) {
            throw new InvalidLineException("'" + name + "' is blank");
        }
        return text;
    }

    private static String text(ObjectNode row, String name) throws InvalidLineException {
        @Nullable JsonNode value = row.get(name);
        if (value == null || !value.isTextual()) {
            throw new InvalidLineException("'" + name + "' " + (value == null ? "is missing" : "must be a string"));
        }
        return value.textValue();
    }
}
