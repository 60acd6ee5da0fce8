package dev.precept.dataset.template;

import dev.precept.chattemplate.Rendering;
import dev.precept.chattemplate.Template;
import dev.precept.chattemplate.Value;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A tokenizer's chat template, from a file. Safe for concurrent use.
 *
 * @param name the file's name
 * @param sha256 of the file's bytes
 * @param plain applied to rows without tools, and to all where there is no other
 * @param withTools applied to rows with tools; null if there is one template for both
 * @param tokens special tokens by the name under which a template sees them, such as {@code bos_token}
 */
public record ChatTemplate(
        String name,
        String sha256,
        Template plain,
        @Nullable Template withTools,
        Map<String, String> tokens) {
    /**
     * Reads a {@code chat_template.jinja}, or a {@code tokenizer_config.json} with a {@code chat_template}.
     *
     * @throws BrokenTemplateException if there is no such file, or its template cannot be read; names file and line
     */
    public static ChatTemplate read(Path file) throws BrokenTemplateException {
        return new TemplateFile(file).read();
    }

    /** Applies the template as a trainer does: what a row does not have is not there, and tools are {@code none}. */
    Rendering render(Conversation conversation, boolean generationPrompt) {
        Map<String, Value> values = new HashMap<>();
        tokens.forEach((token, text) -> values.put(token, Value.of(text)));
        values.put("messages", conversation.messages());
        values.put("tools", conversation.tools());
        values.put("documents", Value.NONE);
        values.put("add_generation_prompt", Value.of(generationPrompt));
        boolean tools = withTools != null && !conversation.tools().equals(Value.NONE);
        return (tools && withTools != null ? withTools : plain).render(values);
    }
}
