package dev.precept.dataset.release;

import dev.precept.dataset.template.ChatTemplate;
import dev.precept.dataset.template.ReasoningTrait;
import java.util.List;

/** The part of a dataset card about the chat templates that the rows were checked with. */
final class TemplateSection {
    private TemplateSection() {}

    static void append(StringBuilder card, List<ChatTemplate> templates) {
        if (templates.isEmpty()) {
            return;
        }
        card.append("""

                Every row was checked with these chat templates: each writes its reasoning and its answer once, and
                every turn of its prompt, tool and tool call. Reasoning of turns before the last one, which some rows
                have in a field, is in the text that a model is trained on only where this table says so.

                | chat template | SHA-256 of the file | reads the reasoning from | reasoning of earlier turns |
                |---|---|---|---|
                """);
        for (ChatTemplate template : templates) {
            ReasoningTrait trait = template.reasoning();
            card.append("| ")
                    .append(DatasetCard.code(template.name()))
                    .append(" | `")
                    .append(template.sha256())
                    .append("` | ")
                    .append(trait.fields().isEmpty() ? "the content" : "`" + String.join("`, `", trait.fields()) + "`")
                    .append(" | ")
                    .append(trait.keepsEarlier() ? "kept" : "left out")
                    .append(" |\n");
        }
    }
}
