package dev.precept.spec.citation;

import java.util.List;
import java.util.Locale;

/**
 * What a reasoning cites of a specification.
 *
 * @param cited each clause once, in order of its first citation
 * @param falseCitations what is cited and does not exist, each once, in order
 * @param verbatimShare share of the words that stand in runs of {@value ClauseRuns#LENGTH} consecutive words of the
 *     specification, 0-1
 */
public record CitationReport(List<Cited> cited, List<FalseCitation> falseCitations, double verbatimShare) {
    public CitationReport {
        cited = List.copyOf(cited);
        falseCitations = List.copyOf(falseCitations);
    }

    /** How something is cited. */
    public enum Form {
        ID,
        HEADING,
        NUMBER,
        QUOTE;

        /** As in records. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Where a clause belongs, seen from a prompt. */
    public enum Place {
        /** One of the prompt's categories. */
        CATEGORY,
        /** The principles, which belong to every category. */
        PRINCIPLE,
        /** Another category, or none. */
        OTHER;

        /** As in records. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A cited clause.
     *
     * @param clause its id
     * @param forms in order of first use
     * @param count of citations
     */
    public record Cited(String clause, List<Form> forms, int count, Place place) {
        public Cited {
            forms = List.copyOf(forms);
        }
    }

    /** @param text as cited, at most {@value Mention#MAX_TEXT} characters */
    public record FalseCitation(Form form, String text) {}
}
