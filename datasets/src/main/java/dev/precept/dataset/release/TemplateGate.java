package dev.precept.dataset.release;

import dev.precept.dataset.template.TemplateCheck;
import dev.precept.dataset.view.RowKind;
import dev.precept.dataset.view.View;
import dev.precept.records.Sample;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Checks every row of every view against the chat templates of a recipe, before a version is written. */
final class TemplateGate {
    private TemplateGate() {}

    /** Opens the row source of a row kind. */
    @FunctionalInterface
    interface RowSources {
        RowSource open(RowKind rowKind) throws IOException;
    }

    /** The reason why a version must not be made, from the first row that a template does not keep; empty if there is none. */
    static Optional<String> refusal(ReleaseSettings settings, RowSources rowSources) throws IOException {
        TemplateCheck check = new TemplateCheck(settings.templates());
        for (RowKind rowKind : settings.templates().isEmpty() ? new RowKind[0] : RowKind.values()) {
            List<View> views = settings.views().stream()
                    .filter(view -> view.rowKind() == rowKind && TemplateCheck.appliesTo(view))
                    .toList();
            Optional<String> refusal =
                    views.isEmpty() ? Optional.empty() : refusal(check, views, rowSources.open(rowKind));
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> refusal(TemplateCheck check, List<View> views, RowSource rowSource)
            throws IOException {
        try {
            rowSource.forEach(sample -> checkRow(check, views, sample));
            return Optional.empty();
        } catch (Refusal refusal) {
            return Optional.of(refusal.why);
        }
    }

    private static void checkRow(TemplateCheck check, List<View> views, Sample sample) throws Refusal {
        for (View view : views) {
            Optional<String> why = check.refusal(view, sample);
            if (why.isPresent()) {
                throw new Refusal(why.get());
            }
        }
    }

    /** Stops the iteration over the rows. */
    private static final class Refusal extends IOException {
        private static final long serialVersionUID = 1L;

        private final String why;

        Refusal(String why) {
            super(why);
            this.why = why;
        }
    }
}
