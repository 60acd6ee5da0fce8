package dev.precept.config;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The numbers and truth values of a YAML document whose text is not that of their value: {@code 1.10}, {@code 0x1F}, {@code
 * True}. A setting that is a text takes them as they are written. Not thread-safe.
 */
final class WrittenScalars {
    /** A value in its container: a mapping, or a list. */
    private record Scalar(String path, JsonNode container, String name, int index, String text) {
        void replace() {
            switch (container) {
                case ObjectNode object -> object.set(name, TextNode.valueOf(text));
                case ArrayNode list -> list.set(index, TextNode.valueOf(text));
                default -> throw new IllegalStateException("a scalar has no members");
            }
        }
    }

    /** A container that is being walked. */
    private static final class Level {
        private final String path;
        private final JsonNode container;
        private String name = "";
        private int index = -1;

        private Level(String path, JsonNode container) {
            this.path = path;
            this.container = container;
        }

        private JsonNode value() {
            return container.isArray() ? container.path(index) : container.path(name);
        }

        private String valuePath() {
            return container.isArray() || path.isEmpty() ? path + (container.isArray() ? "" : name) : path + "." + name;
        }
    }

    private final List<Scalar> scalars = new ArrayList<>();
    private @Nullable String scalarRoot;

    /**
     * Walks a document along its tree.
     *
     * @param at the key of the root; empty for a whole recipe
     * @throws ConfigurationException for an alias, and for a second document
     */
    static WrittenScalars read(String name, String at, JsonNode tree, YAMLParser parser) throws IOException {
        WrittenScalars written = new WrittenScalars();
        written.walk(name, at, tree, parser);
        return written;
    }

    private void walk(String name, String at, JsonNode tree, YAMLParser parser) throws IOException {
        Deque<Level> levels = new ArrayDeque<>();
        boolean ended = false;
        for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
            boolean empty = token == JsonToken.VALUE_NULL || parser.getText().isEmpty();
            if (ended && !empty) {
                throw new ConfigurationException(
                        name + ":" + parser.currentTokenLocation().getLineNr()
                                + ": a second document begins here; a recipe is one document, without '---' between its keys");
            }
            if (parser.isCurrentAlias()) {
                throw new ConfigurationException(
                        name + ":" + parser.currentTokenLocation().getLineNr()
                                + ": a YAML alias; aliases are not supported, so repeat the value");
            }
            Level level = levels.peek();
            if (token == JsonToken.FIELD_NAME && level != null) {
                level.name = parser.currentName();
                continue;
            }
            if (level != null && level.container.isArray() && !token.isStructEnd()) {
                level.index++;
            }
            if (token.isStructStart()) {
                levels.push(level == null ? new Level(at, tree) : new Level(level.valuePath(), level.value()));
            } else if (token.isStructEnd()) {
                levels.pop();
            } else {
                add(level, token, parser.getText());
            }
            ended = levels.isEmpty();
        }
    }

    private void add(@Nullable Level level, JsonToken token, String text) {
        if (!token.isNumeric() && !token.isBoolean()) {
            return;
        }
        if (level == null) {
            scalarRoot = text;
        } else if (!level.value().asText().equals(text)) {
            scalars.add(new Scalar(level.valuePath(), level.container, level.name, level.index, text));
        }
    }

    /** Adds the values of a flag, which replace those of the file at its key. */
    void replace(String key, ObjectNode container, String name, WrittenScalars flag) {
        scalars.removeIf(scalar -> isAtOrBelow(scalar, key));
        scalars.addAll(flag.scalars);
        if (flag.scalarRoot != null) {
            scalars.add(new Scalar(key, container, name, 0, flag.scalarRoot));
        }
    }

    /** Turns the values at and below a key into texts. */
    void keep(String key) {
        scalars.stream().filter(scalar -> isAtOrBelow(scalar, key)).forEach(Scalar::replace);
        scalars.removeIf(scalar -> isAtOrBelow(scalar, key));
    }

    private static boolean isAtOrBelow(Scalar scalar, String key) {
        return scalar.path().equals(key) || scalar.path().startsWith(key + ".");
    }
}
