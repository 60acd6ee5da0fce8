package dev.precept.judging;

import dev.precept.judging.PromptTemplate.Role;
import dev.precept.model.ChatMessage;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a role asks with: the layout of its requests, a template of the user's own, and what a judge scores by.
 *
 * @param own null for the built-in template of the layout
 */
public record RolePrompt(Layout layout, @Nullable PromptTemplate own, Criteria criteria) {
    public static final RolePrompt STANDARD = new RolePrompt(Layout.SPEC_FIRST, null);

    public RolePrompt {
        own = own == null ? null : own.with(criteria);
    }

    /** With the standard criteria. */
    public RolePrompt(Layout layout, @Nullable PromptTemplate own) {
        this(layout, own, Criteria.PRECEPT);
    }

    /**
     * What the same judge asks with where it grades answers alone: the criteria about the answer.
     *
     * @param template of the user's own for answers alone; null for the built-in one
     * @return empty if no criterion is about the answer
     */
    public Optional<RolePrompt> forAnswers(@Nullable PromptTemplate template) {
        return criteria.ofAnswers().map(answers -> new RolePrompt(layout, template, answers));
    }

    /** The template, filled with the criteria. */
    public PromptTemplate template(Role role) {
        return own == null ? PromptTemplates.builtIn(role, layout, criteria) : own;
    }

    List<ChatMessage> render(Role role, PromptTemplate.Input input) {
        return template(role).render(layout, input);
    }
}
