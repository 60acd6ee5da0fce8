package dev.precept.spec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** A YAML value with its 1-based line. Jackson's own tree has no lines and merges duplicate keys. */
sealed interface YamlNode {
    int line();

    /** Describes the value in a message. */
    String description();

    /** A string; a null is the empty string. */
    record Scalar(int line, String value) implements YamlNode {
        @Override
        public String description() {
            return value.isBlank() ? "blank" : "a string";
        }
    }

    record Sequence(int line, List<YamlNode> items) implements YamlNode {
        @Override
        public String description() {
            return "a list";
        }
    }

    record Mapping(int line, List<Member> members) implements YamlNode {
        @Override
        public String description() {
            return "a mapping";
        }
    }

    /** A value that a specification never has. */
    record Other(int line, String description) implements YamlNode {}

    /** The whole text is not YAML. */
    record Broken(int line, String why) implements YamlNode {
        @Override
        public String description() {
            return "not YAML (" + why + ")";
        }
    }

    record Member(int line, String key, YamlNode value) {}

    /** Reads one YAML document. */
    static YamlNode parse(String yaml) {
        try (YAMLParser parser = YAMLFactory.builder().build().createParser(yaml)) {
            YamlNode root = node(parser, parser.nextToken());
            JsonToken more = parser.nextToken();
            return more == null ? root : new Other(line(parser), "a second document");
        } catch (JsonProcessingException e) {
            return broken(e);
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory", e);
        }
    }

    /** Jackson reports the start of the surrounding value; the cause has the location of the fault. */
    private static Broken broken(JsonProcessingException e) {
        if (e.getCause() instanceof MarkedYAMLException fault && fault.getProblemMark() != null) {
            return new Broken(fault.getProblemMark().getLine() + 1, fault.getProblem());
        }
        int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
        return new Broken(line, e.getOriginalMessage().lines().findFirst().orElse("no reason given"));
    }

    private static YamlNode node(YAMLParser parser, @Nullable JsonToken token) throws IOException {
        int line = line(parser);
        if (token == null) {
            return new Scalar(1, "");
        }
        if (parser.isCurrentAlias()) {
            return new Other(line, "an alias");
        }
        return switch (token) {
            case START_OBJECT -> new Mapping(line, members(parser));
            case START_ARRAY -> new Sequence(line, items(parser));
            case VALUE_STRING -> new Scalar(line, parser.getText());
            case VALUE_NULL -> new Scalar(line, "");
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Other(line, "a number");
            case VALUE_TRUE, VALUE_FALSE -> new Other(line, "true or false");
            case VALUE_EMBEDDED_OBJECT -> new Other(line, "binary");
            case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME ->
                throw new IllegalStateException("unexpected YAML token " + token);
        };
    }

    private static List<Member> members(YAMLParser parser) throws IOException {
        List<Member> members = new ArrayList<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            int line = line(parser);
            String key = parser.currentName();
            members.add(new Member(line, key, node(parser, parser.nextToken())));
        }
        return members;
    }

    private static List<YamlNode> items(YAMLParser parser) throws IOException {
        List<YamlNode> items = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            items.add(node(parser, token));
        }
        return items;
    }

    private static int line(YAMLParser parser) {
        return parser.currentTokenLocation().getLineNr();
    }
}
