package dev.precept.dataset.template;

import dev.precept.dataset.view.RowFormat;
import dev.precept.dataset.view.RowKind;
import dev.precept.dataset.view.View;
import dev.precept.records.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Checks rows against chat templates: a template must write the reasoning and the answer of a row exactly once, and no other
 * thought. Only the last turn counts, as templates drop the reasoning of earlier turns by design. For one thread.
 */
public final class TemplateCheck {
    private static final List<String> FIELDS = List.of("reasoning_content", "thinking", "reasoning", "thought");

    private final List<ChatTemplate> templates;
    private final List<TemplateProbe> probes;

    /** @param format of the rows */
    public TemplateCheck(List<ChatTemplate> templates, RowFormat format) {
        this.templates = List.copyOf(templates);
        this.probes = templates.stream()
                .map(template -> new TemplateProbe(template, format))
                .toList();
    }

    /** Whether a view has rows that a template is applied to. */
    public static boolean appliesTo(View view) {
        return view != View.RAW;
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
                        + "; " + advice(view, sample, i));
            }
        }
        return Optional.empty();
    }

    private String advice(View refused, Sample sample, int template) {
        List<String> kept = new ArrayList<>();
        for (View view : View.values()) {
            if (view.rowKind() == RowKind.SAMPLE
                    && appliesTo(view)
                    && view != refused
                    && probes.get(template).findFault(view, sample).isEmpty()) {
                kept.add(view.label());
            }
        }
        if (!kept.isEmpty() && refused.rowKind() == RowKind.SAMPLE) {
            return "remove " + refused.label() + " from the views; this template keeps such a row in the view "
                    + String.join(" or ", kept);
        }
        List<String> read = FIELDS.stream()
                .filter(templates.get(template).plain()::mentions)
                .filter(field -> !field.equals(FIELDS.getFirst()))
                .toList();
        return read.isEmpty()
                ? "train with a template that keeps it, or remove this template from release.templates"
                : "it reads '" + String.join("' or '", read)
                        + "', but this view has 'reasoning_content': rename the field when loading, and remove this "
                        + "template from release.templates";
    }
}
