package dev.precept.judging;

import dev.precept.judging.PromptTemplate.InvalidTemplateException;
import dev.precept.judging.PromptTemplate.Role;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The built-in prompt templates. Their versions are part of a run's identity: a changed text needs a new version. Those of the
 * layout {@code paper} have the order of Guan et al., arXiv 2412.16339, figures 5 and 6; the judge's say the members of {@link
 * VoteSchema} in words, for servers that enforce no schema.
 */
public final class PromptTemplates {
    private static final PromptTemplate GENERATE = builtIn(Role.GENERATE, "generate/5");
    private static final PromptTemplate GENERATE_PAPER = builtIn(Role.GENERATE, "generate-paper/5");
    private static final PromptTemplate JUDGE = builtIn(Role.JUDGE, "judge/4");
    private static final PromptTemplate JUDGE_PAPER = builtIn(Role.JUDGE, "judge-paper/4");
    private static final PromptTemplate JUDGE_ANSWER = builtIn(Role.JUDGE_ANSWER, "judge-answer/1");
    private static final PromptTemplate JUDGE_ANSWER_PAPER = builtIn(Role.JUDGE_ANSWER, "judge-answer-paper/1");

    /** Every built-in template: the injection suite covers all of them, also those that a later change adds. */
    static final List<PromptTemplate> ALL =
            List.of(GENERATE, GENERATE_PAPER, JUDGE, JUDGE_PAPER, JUDGE_ANSWER, JUDGE_ANSWER_PAPER);

    /** A run has one. */
    private static final Map<Filled, PromptTemplate> FILLED = new ConcurrentHashMap<>();

    private PromptTemplates() {}

    /** The template that a role uses where a recipe names none. */
    public static PromptTemplate builtIn(Role role, Layout layout) {
        return switch (role) {
            case GENERATE -> layout.sharesPolicies() ? GENERATE : GENERATE_PAPER;
            case JUDGE -> layout.sharesPolicies() ? JUDGE : JUDGE_PAPER;
            case JUDGE_ANSWER -> layout.sharesPolicies() ? JUDGE_ANSWER : JUDGE_ANSWER_PAPER;
        };
    }

    /** As {@link #builtIn(Role, Layout)}, filled with criteria. */
    static PromptTemplate builtIn(Role role, Layout layout, Criteria criteria) {
        PromptTemplate template = builtIn(role, layout);
        return criteria.isStandard()
                ? template
                : FILLED.computeIfAbsent(new Filled(template.version(), criteria), _ -> template.with(criteria));
    }

    private record Filled(String version, Criteria criteria) {}

    private static PromptTemplate builtIn(Role role, String version) {
        String resource = "templates/" + version.substring(0, version.indexOf('/')) + ".md";
        try (InputStream in = Objects.requireNonNull(
                PromptTemplates.class.getResourceAsStream(resource), "the resource " + resource + " is missing")) {
            return PromptTemplate.parse(role, version, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + resource, e);
        } catch (InvalidTemplateException e) {
            throw new IllegalStateException(resource + ": " + e.getMessage(), e);
        }
    }
}
