package dev.precept.dataset.template;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.chattemplate.Template;
import dev.precept.chattemplate.TemplateSyntaxException;
import dev.precept.content.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a chat template from {@code chat_template.jinja} or {@code tokenizer_config.json}. */
final class TemplateFile {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> TOKENS = Map.of("bos_token", "<bos>", "eos_token", "<eos>");

    private final Path file;

    TemplateFile(Path file) {
        this.file = file;
    }

    ChatTemplate read() throws BrokenTemplateException {
        byte[] bytes = bytes();
        String name = String.valueOf(file.getFileName());
        String text = text(bytes);
        if (!name.endsWith(".json")) {
            Template only = parse(text, "");
            return new ChatTemplate(name, Sha256.hex(bytes), only, null, TOKENS, ContentParts.areNeeded(only, TOKENS));
        }
        JsonNode config = json(text);
        JsonNode template = config.path("chat_template");
        Template plain = plain(template);
        Map<String, String> tokens = tokens(config);
        return new ChatTemplate(
                name,
                Sha256.hex(bytes),
                plain,
                named(template, "tool_use") == null ? null : parse(named(template, "tool_use"), "tool_use"),
                tokens,
                ContentParts.areNeeded(plain, tokens));
    }

    private byte[] bytes() throws BrokenTemplateException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new BrokenTemplateException(
                    file + " does not exist; give a chat_template.jinja or a tokenizer_config.json");
        } catch (IOException e) {
            throw new BrokenTemplateException(file + " cannot be read: " + e);
        }
    }

    private String text(byte[] bytes) throws BrokenTemplateException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new BrokenTemplateException(file + " is not UTF-8");
        }
    }

    private JsonNode json(String text) throws BrokenTemplateException {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            throw new BrokenTemplateException(file + ":" + line + ": is not JSON");
        }
    }

    private Template plain(JsonNode template) throws BrokenTemplateException {
        if (template.isTextual()) {
            return parse(template.textValue(), "chat_template");
        }
        String chosen = named(template, "default");
        if (chosen == null) {
            throw new BrokenTemplateException(
                    file
                            + " has no chat_template that is a text or a list with an entry 'default'; give the tokenizer's chat_template.jinja");
        }
        return parse(chosen, "default");
    }

    private static @Nullable String named(JsonNode template, String name) {
        for (JsonNode one : template.isArray() ? template : JSON.createArrayNode()) {
            if (one.path("name").asText().equals(name) && one.path("template").isTextual()) {
                return one.path("template").textValue();
            }
        }
        return null;
    }

    /** @param part of a JSON file that holds the template; empty if the file is the template */
    private Template parse(@Nullable String template, String part) throws BrokenTemplateException {
        try {
            return Template.parse(template == null ? "" : template);
        } catch (TemplateSyntaxException e) {
            String location =
                    part.isEmpty() ? file + ":" + e.line() : file + ", line " + e.line() + " of '" + part + "'";
            throw new BrokenTemplateException(location + ": " + e.getMessage());
        }
    }

    private static Map<String, String> tokens(JsonNode config) {
        Map<String, String> tokens = new HashMap<>(TOKENS);
        config.properties().forEach(member -> {
            JsonNode value = member.getValue();
            String text = value.isObject() ? value.path("content").asText("") : value.asText("");
            if (member.getKey().endsWith("_token") && !value.isBoolean() && !text.isEmpty()) {
                tokens.put(member.getKey(), text);
            }
        });
        return Map.copyOf(tokens);
    }
}
