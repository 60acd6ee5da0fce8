package dev.precept.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import picocli.CommandLine.Option;

/**
 * How a command prints its result: as text, or as one JSON document on standard output. Exit codes and messages on standard
 * error are the same.
 */
final class OutputOption {
    enum Format {
        TEXT,
        JSON
    }

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text or json (default ${DEFAULT-VALUE})")
    private Format format = Format.TEXT;

    @Option(names = "--json", description = "the same as -o json")
    private boolean json;

    boolean isJson() {
        return json || format == Format.JSON;
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static void putAll(ObjectNode json, String key, Collection<String> texts) {
        texts.forEach(json.putArray(key)::add);
    }

    static void print(JsonNode json) {
        System.out.println(json.toPrettyString());
    }
}
