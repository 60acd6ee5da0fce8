package dev.precept.spec.citation;

import dev.precept.spec.citation.CitationReport.Form;
import java.util.Optional;

/**
 * One citation, with its place in the text as it was written.
 *
 * @param start offset of the first character
 * @param end offset after the last character
 * @param clause the id of the clause; empty for a citation of something that does not exist
 */
public record CitedSpan(int start, int end, Form form, Optional<String> clause) {}
