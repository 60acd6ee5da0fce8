package dev.precept.dataset.template;

import dev.precept.chattemplate.Rendering;
import dev.precept.dataset.view.Projection;
import dev.precept.dataset.view.RowFormat;
import dev.precept.dataset.view.RowKind;
import dev.precept.dataset.view.View;
import dev.precept.records.Sample;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Checks rows against one template. A row is rendered once and compared with the outline of its shape. If they differ, for
 * example because a text contains the template's tags, an outline of that row is made. For one thread.
 */
final class TemplateProbe {
    private static final int MOST_SHAPES = 500;

    private final ChatTemplate template;
    private final Map<RowShape, Optional<Outline>> outlines = new HashMap<>();
    private final Map<View, Projection> projections = new EnumMap<>(View.class);
    private final RowFormat format;

    TemplateProbe(ChatTemplate template, RowFormat format) {
        this.template = template;
        this.format = format;
    }

    /** The fault for a row of a view; empty if the template keeps the row. */
    Optional<TemplateFault> findFault(View view, Sample sample) {
        boolean prompt = view.rowKind() == RowKind.PROMPT;
        return switch (template.render(conversation(view, sample), prompt)) {
            case Rendering.Failed(String reason, int line) ->
                Optional.of(new TemplateFault(TemplateFault.Kind.NOT_RENDERED, "line " + line + ": " + reason));
            case Rendering.Rendered(String text) -> prompt ? Optional.empty() : findFault(view, sample, text);
        };
    }

    private Optional<TemplateFault> findFault(View view, Sample sample, String rendered) {
        List<String> texts = Sentinels.texts(sample);
        Optional<Outline> usual = usualOutline(view, sample, texts);
        if (usual.isPresent() && usual.get().matches(rendered, texts)) {
            return Optional.empty();
        }
        Optional<Outline> own = outline(view, sample, false, texts);
        if (own.isEmpty()) {
            return Optional.of(
                    new TemplateFault(TemplateFault.Kind.CUT, "it can be rendered only with this row's text"));
        }
        Optional<TemplateFault> fault = own.get().findFault(texts);
        return fault.isPresent() || own.get().matches(rendered, texts)
                ? fault
                : Optional.of(new TemplateFault(
                        TemplateFault.Kind.CUT, "a text of this row contains what the template searches for"));
    }

    /** The outline of rows of this shape, if it has no fault. */
    private Optional<Outline> usualOutline(View view, Sample sample, List<String> texts) {
        RowShape rowShape = RowShape.of(view, sample);
        Optional<Outline> known = outlines.get(rowShape);
        if (known == null) {
            known = outline(view, sample, true, texts)
                    .filter(outline -> outline.findFault(texts).isEmpty());
            if (outlines.size() >= MOST_SHAPES) {
                outlines.clear();
            }
            outlines.put(rowShape, known);
        }
        return known;
    }

    private Optional<Outline> outline(View view, Sample sample, boolean prompt, List<String> texts) {
        Conversation marked = conversation(view, Sentinels.withSentinels(sample, prompt));
        return switch (template.render(marked, false)) {
            case Rendering.Failed _ -> Optional.empty();
            case Rendering.Rendered(String text) -> Optional.of(Outline.of(text, texts.size()));
        };
    }

    private Conversation conversation(View view, Sample sample) {
        Projection projection = projections.computeIfAbsent(view, fresh -> fresh.projection(format));
        return Conversation.of(view, projection, sample);
    }
}
