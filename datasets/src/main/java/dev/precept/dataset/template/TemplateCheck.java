package dev.precept.dataset.template;

import dev.precept.dataset.view.RowFormat;
import dev.precept.dataset.view.RowKind;
import dev.precept.dataset.view.View;
import dev.precept.records.Sample;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Checks rows against chat templates, on what a trainer passes to them: a template must write the reasoning and the answer of
 * the last turn exactly once and no other thought, and every turn of the prompt, tool and call. The reasoning of earlier turns
 * does not count, as templates drop it by design. Reasoning between {@code <think>} tags is refused for a template that has a
 * channel of its own, as it would be part of the visible answer. For one thread.
 */
public final class TemplateCheck {
    private static final List<String> FIELDS = List.of("reasoning_content", "thinking", "reasoning", "thought");

    private final List<ChatTemplate> templates;
    private final List<TemplateProbe> probes;
    private final RowFormat format;

    /** @param format of the rows */
    public TemplateCheck(List<ChatTemplate> templates, RowFormat format) {
        this.templates = List.copyOf(templates);
        this.format = format;
        this.probes = templates.stream()
                .map(template -> new TemplateProbe(template, format))
                .toList();
    }

    /** Whether a view has rows that a trainer applies a template to; with JSON lines the model's server does. */
    public static boolean appliesTo(View view) {
        return view != View.RAW && !view.isJsonLines();
    }

    /**
     * The reason why a row of a view must not be released: one line with view, template, sample and remedy. Empty if every
     * template keeps the row.
     */
    public Optional<String> refusal(View view, Sample sample) {
        for (int i = 0; i < probes.size(); i++) {
            Optional<TemplateFault> fault = probes.get(i).findFault(view, sample);
            if (fault.isPresent()) {
                return Optional.of("view " + view.label() + " is refused: chat template "
                        + templates.get(i).name() + " " + fault.get().description() + ": sample " + sample.getSampleId()
                        + "; " + advice(view, sample, i, fault.get()));
            }
        }
        return Optional.empty();
    }

    private String advice(View refused, Sample sample, int template, TemplateFault fault) {
        List<String> kept = keptIn(probes.get(template), refused.rowKind(), sample);
        if (!kept.isEmpty()) {
            return "remove " + refused.label() + " from the views; this template keeps such a row in the view "
                    + String.join(" or ", kept);
        }
        if (!format.developerAsSystem() && hasDeveloper(sample)) {
            RowFormat renamed = new RowFormat(format.json(), true);
            List<String> keptRenamed =
                    keptIn(new TemplateProbe(templates.get(template), renamed), refused.rowKind(), sample);
            if (!keptRenamed.isEmpty()) {
                return "release with --developer-as-system (release.developer_as_system): this template then keeps such a "
                        + "row in the view " + String.join(" or ", keptRenamed);
            }
        }
        List<String> read = fault.kind() != TemplateFault.Kind.DROPPED
                ? List.of()
                : FIELDS.stream()
                        .filter(templates.get(template).plain()::mentions)
                        .filter(field -> !field.equals(FIELDS.getFirst()))
                        .toList();
        return read.isEmpty()
                ? "train with a template that keeps it, or remove this template from release.templates"
                : "it reads '" + String.join("' or '", read)
                        + "', but this view has 'reasoning_content': rename the field when loading, and remove this "
                        + "template from release.templates";
    }

    /** The views of a row kind in which a template keeps a row. */
    private static List<String> keptIn(TemplateProbe probe, RowKind rowKind, Sample sample) {
        return Arrays.stream(View.values())
                .filter(view -> view.rowKind() == rowKind && appliesTo(view))
                .filter(view -> probe.findFault(view, sample).isEmpty())
                .map(View::label)
                .toList();
    }

    private static boolean hasDeveloper(Sample sample) {
        return sample.getMessages().stream()
                .anyMatch(message -> message.getRole().equals("developer"));
    }
}
