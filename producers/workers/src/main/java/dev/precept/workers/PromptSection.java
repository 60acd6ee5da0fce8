package dev.precept.workers;

import dev.precept.config.Section;
import dev.precept.judging.Layout;
import dev.precept.judging.PromptTemplate;
import dev.precept.judging.RolePrompt;
import dev.precept.judging.TemplateFile;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the keys of a role that decide what its requests ask with: {@code layout} and {@code template}. */
final class PromptSection {
    private static final String TEMPLATE = "template";
    private static final String LAYOUT = "layout";

    private PromptSection() {}

    /** @param preset of the layout */
    static RolePrompt read(Section s, PromptTemplate.Role role, Layout preset) {
        Layout layout = s.oneOf(
                LAYOUT,
                preset,
                "where the policies stand: spec-first begins with them in a system message, so that a server with a prefix"
                        + " cache reads them once; spec-first-user in the user message; paper after the conversation");
        Optional<Path> file = s.path(
                TEMPLATE,
                "file of your own prompt, in Markdown with places such as {{policies}}; 'precept template' prints one to"
                        + " begin from");
        @Nullable
        PromptTemplate own =
                file.flatMap(path -> TemplateFile.read(s, TEMPLATE, role, path)).orElse(null);
        if (own != null && layout != Layout.PAPER && !own.beginsWithPolicies()) {
            s.addProblem(
                    TEMPLATE,
                    file.orElseThrow() + ": another place stands before {{policies}}, and layout is " + layout
                            + "; move {{policies}} before it, or set layout: paper");
            own = null;
        }
        return switch (role) {
            case GENERATE -> new RolePrompt(layout, own);
            case JUDGE, JUDGE_ANSWER -> new RolePrompt(layout, own, CriteriaSection.read(s));
        };
    }
}
