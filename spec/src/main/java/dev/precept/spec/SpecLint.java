package dev.precept.spec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds what a specification can be loaded with, and its author hardly meant: text that no model sees, and clauses without
 * text.
 */
public final class SpecLint {
    private final Set<String> shown;
    private final List<String> findings = new ArrayList<>();

    private SpecLint(Set<String> shown) {
        this.shown = shown;
    }

    /**
     * Returns the findings, in the order of files and lines, each with file, line and its consequence.
     *
     * @param specification as loaded from the folder
     */
    public static List<String> check(Path folder, Specification specification) {
        SpecLint lint = new SpecLint(
                new HashSet<>(specification.excerpt(specification.categories()).clauseIds()));
        SpecFiles files = new SpecFiles(folder, SpecFolder.MAX_FOLDER_BYTES, new ArrayList<>());
        try {
            files.markdown()
                    .forEach(file -> files.text(file).ifPresent(text -> lint.check(file, Markdown.parse(text))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.copyOf(lint.findings);
    }

    private void check(Path file, Markdown markdown) {
        int clauseEnd = 0;
        boolean anyClause = !markdown.clauses().isEmpty();
        for (int i = 0; i < markdown.sections().size(); i++) {
            Markdown.Section section = markdown.sections().get(i);
            Label label = section.heading().label();
            String where = file + ":" + (section.from() + 1) + ": ";
            if (label != null) {
                clause(where, label.id(), hasText(markdown, section.from(), section.to()));
                clauseEnd = Math.max(clauseEnd, section.to());
            } else if (section.from() >= clauseEnd && (section.heading().level() > 1 || !anyClause)) {
                // A title with an introduction is for readers of the file.
                int next = i + 1 < markdown.sections().size()
                        ? markdown.sections().get(i + 1).from()
                        : markdown.lines().size();
                if (hasText(markdown, section.from(), next)) {
                    findings.add(where + "no model sees the text of '"
                            + section.heading().text() + "': the heading has no {#id}");
                }
            }
        }
    }

    private void clause(String where, String id, boolean hasText) {
        if (!shown.contains(id)) {
            findings.add(where + "no model sees clause '" + id + "': list it in a category or under principles");
        }
        if (!hasText) {
            findings.add(where + "clause '" + id + "' has no text");
        }
    }

    /** Whether there is text below a heading, up to a line; both 0-based, the end exclusive. */
    private static boolean hasText(Markdown markdown, int heading, int end) {
        return markdown.lines().subList(heading + 1, end).stream().anyMatch(line -> !line.isBlank());
    }
}
