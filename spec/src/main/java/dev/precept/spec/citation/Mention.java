package dev.precept.spec.citation;

import dev.precept.spec.citation.CitationReport.Form;
import java.util.List;

/**
 * One citation in a text.
 *
 * @param start offset of the first character
 * @param end offset after the last character
 * @param forms in which it is made; more than one where a heading and a number stand side by side
 * @param clauses ids of the clauses that are meant; empty for a citation of something that does not exist
 */
record Mention(int start, int end, List<Form> forms, List<String> clauses) {
    static final int MAX_TEXT = 200;

    Mention {
        forms = List.copyOf(forms);
        clauses = List.copyOf(clauses);
    }

    static Mention of(int start, int end, Form form, List<String> clauses) {
        return new Mention(start, end, List.of(form), clauses);
    }

    boolean isFalse() {
        return clauses.isEmpty();
    }

    /** The words of the citation. */
    String text(String of) {
        String text = of.substring(start, end).strip();
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
    }
}
