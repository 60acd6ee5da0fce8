package dev.precept.judging;

import dev.precept.judging.PromptTemplate.Role;
import dev.precept.model.ChatMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a role asks with: the layout of its requests, and a template of the user's own.
 *
 * @param own null for the built-in template of the layout
 */
public record RolePrompt(Layout layout, @Nullable PromptTemplate own) {
    public static final RolePrompt STANDARD = new RolePrompt(Layout.SPEC_FIRST, null);

    public PromptTemplate template(Role role) {
        return own == null ? PromptTemplates.builtIn(role, layout) : own;
    }

    List<ChatMessage> render(Role role, PromptTemplate.Input input) {
        return template(role).render(layout, input);
    }
}
