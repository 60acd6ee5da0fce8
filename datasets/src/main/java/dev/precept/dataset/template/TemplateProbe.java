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
    private final Map<RowShape, Shape> shapes = new HashMap<>();
    private final Map<View, Projection> projections = new EnumMap<>(View.class);
    private final RowFormat format;
    private final boolean hasChannel;

    TemplateProbe(ChatTemplate template, RowFormat format) {
        this.template = template;
        this.format = format;
        this.hasChannel = template.reasoning().hasChannel();
    }

    /** The fault for a row of a view; empty if the template keeps the row. */
    Optional<TemplateFault> findFault(View view, Sample sample) {
        boolean prompt = view.rowKind() == RowKind.PROMPT;
        return switch (template.render(conversation(view, sample), prompt)) {
            case Rendering.Failed(String reason, int line) ->
                Optional.of(new TemplateFault(TemplateFault.Kind.NOT_RENDERED, "line " + line + ": " + reason));
            case Rendering.Rendered(String text) -> {
                Shape shape = shape(view, sample);
                Optional<TemplateFault> own = prompt ? Optional.empty() : findFault(view, sample, text, shape);
                yield own.isPresent() ? own : shape.fault();
            }
        };
    }

    private Optional<TemplateFault> findFault(View view, Sample sample, String rendered, Shape shape) {
        List<String> texts = Sentinels.texts(sample);
        if (shape.outline().filter(usual -> usual.matches(rendered, texts)).isPresent()) {
            return Optional.empty();
        }
        Optional<Outline> own = marked(view, sample, false).map(text -> Outline.of(text, texts.size()));
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

    private Shape shape(View view, Sample sample) {
        RowShape rowShape = RowShape.of(view, sample);
        Shape known = shapes.get(rowShape);
        if (known == null) {
            known = marked(view, sample, true)
                    .map(text -> shape(view, sample, text))
                    .orElse(new Shape(Optional.empty(), Optional.empty()));
            if (shapes.size() >= MOST_SHAPES) {
                shapes.clear();
            }
            shapes.put(rowShape, known);
        }
        return known;
    }

    private Shape shape(View view, Sample sample, String rendered) {
        List<String> texts = Sentinels.texts(sample);
        return new Shape(
                Optional.of(Outline.of(rendered, texts.size()))
                        .filter(outline -> outline.findFault(texts).isEmpty()),
                new ShapeFaults(template, hasChannel, view, other -> conversation(view, other)).find(sample, rendered));
    }

    /** The rendering of a sample with sentinels instead of its texts; empty if the template fails. */
    private Optional<String> marked(View view, Sample sample, boolean prompt) {
        Conversation conversation = conversation(view, Sentinels.withSentinels(sample, prompt));
        return switch (template.render(conversation, view.rowKind() == RowKind.PROMPT)) {
            case Rendering.Failed _ -> Optional.empty();
            case Rendering.Rendered(String text) -> Optional.of(text);
        };
    }

    private Conversation conversation(View view, Sample sample) {
        Projection projection = projections.computeIfAbsent(view, fresh -> fresh.projection(format));
        return Conversation.of(view, projection, sample);
    }

    /**
     * What holds for all rows of one shape.
     *
     * @param outline if it keeps reasoning and answer
     * @param fault what is lost beside them
     */
    private record Shape(Optional<Outline> outline, Optional<TemplateFault> fault) {}
}
