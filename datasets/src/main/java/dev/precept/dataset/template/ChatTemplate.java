package dev.precept.dataset.template;

import dev.precept.chattemplate.Rendering;
import dev.precept.chattemplate.Template;
import dev.precept.chattemplate.Value;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A tokenizer's chat template, from a file. Safe for concurrent use.
 *
 * @param name file name
 * @param sha256 hash of the file
 * @param plain applied to rows without tools, and to all rows if there is no other template
 * @param withTools applied to rows with tools; null if there is one template for both
 * @param tokens special tokens by their variable name, such as {@code bos_token}
 * @param contentParts whether contents are passed as lists of parts, for a template of a processor of images
 */
public record ChatTemplate(
        String name,
        String sha256,
        Template plain,
        @Nullable Template withTools,
        Map<String, String> tokens,
        boolean contentParts) {
    /**
     * Reads a {@code chat_template.jinja}, or a {@code tokenizer_config.json} with a {@code chat_template}.
     *
     * @throws BrokenTemplateException if there is no such file, or its template cannot be parsed; names file and line
     */
    public static ChatTemplate read(Path file) throws BrokenTemplateException {
        return new TemplateFile(file).read();
    }

    /** What the template does with reasoning in a field; computed anew by each call. */
    public ReasoningTrait reasoning() {
        return ReasoningTrait.of(this);
    }

    /** Applies the template as a trainer does: missing fields are undefined, and missing tools are {@code none}. */
    Rendering render(Conversation conversation, boolean generationPrompt) {
        return render(conversation, Map.of("add_generation_prompt", Value.of(generationPrompt)));
    }

    /** As {@link #render(Conversation, boolean)}, with other variables of the template. */
    Rendering render(Conversation conversation, Map<String, Value> variables) {
        boolean tools = withTools != null && !conversation.tools().equals(Value.NONE);
        Template template = tools && withTools != null ? withTools : plain;
        if (!contentParts) {
            return render(template, tokens, conversation, variables);
        }
        Optional<String> foreign = ContentParts.foreignRole(conversation.messages());
        return foreign.isPresent()
                ? new Rendering.Failed("trainers pass no role " + foreign.get() + " to a processor of images", 0)
                : render(template, tokens, conversation.withParts(), variables);
    }

    static Rendering render(
            Template template, Map<String, String> tokens, Conversation conversation, Map<String, Value> variables) {
        Map<String, Value> values = new HashMap<>();
        tokens.forEach((token, text) -> values.put(token, Value.of(text)));
        values.put("messages", conversation.messages());
        values.put("tools", conversation.tools());
        values.put("documents", Value.NONE);
        values.put("add_generation_prompt", Value.of(false));
        values.putAll(variables);
        return template.render(values);
    }
}
