package dev.precept.spec;

import dev.precept.content.Sha256;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Markdown text cut at its headings. A {@code #} inside a code fence is text.
 *
 * @param lines all of them, without their ends
 * @param sections one for each heading, in order; a section holds those below it
 * @param problems what is wrong with the text, in order
 */
record Markdown(List<String> lines, List<Section> sections, List<Problem> problems) {

    /** From a heading to the next of the same or a higher level; lines count from 0, {@code to} is exclusive. */
    record Section(Heading heading, int from, int to) {}

    /** @param line counts from 1 */
    record Problem(int line, String what) {}

    /** A clause and the line of its heading, which counts from 1. */
    record LocatedClause(Clause clause, int line) {}

    static Markdown parse(String text) {
        List<String> lines =
                List.of(text.replace("\r\n", "\n").replace('\r', '\n').split("\n", -1));
        List<Problem> problems = new ArrayList<>();
        List<Section> headings = headings(lines, problems);
        return new Markdown(lines, closed(headings, lines.size()), List.copyOf(problems));
    }

    /** The sections whose heading has an id, in order. */
    List<LocatedClause> clauses() {
        List<LocatedClause> clauses = new ArrayList<>();
        for (Section section : sections) {
            Label label = section.heading().label();
            if (label != null) {
                clauses.add(new LocatedClause(clause(section, label), section.from() + 1));
            }
        }
        return clauses;
    }

    private Clause clause(Section section, Label label) {
        String text =
                String.join("\n", lines.subList(section.from(), section.to())).stripTrailing();
        Heading heading = section.heading();
        return new Clause(label.id(), heading.level(), heading.text(), label.attributes(), text, Sha256.hex(text));
    }

    /** Every heading as a section that does not end yet. */
    private static List<Section> headings(List<String> lines, List<Problem> problems) {
        List<Section> headings = new ArrayList<>();
        @Nullable Fence fence = null;
        int opened = 0;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (fence != null) {
                fence = fence.isClosedBy(line) ? null : fence;
            } else if (Heading.levelOf(line) > 0) {
                headings.add(new Section(heading(line, i, problems), i, lines.size()));
            } else {
                fence = Fence.openedBy(line);
                opened = i + 1;
            }
        }
        if (fence != null) {
            problems.add(new Problem(
                    opened,
                    "this code fence is never closed, so all that follows is code; close it with a line of "
                            + fence.length() + " or more " + fence.mark()));
        }
        return headings;
    }

    private static Heading heading(String line, int index, List<Problem> problems) {
        try {
            return Heading.parse(line);
        } catch (SpecException e) {
            problems.add(new Problem(index + 1, e.problems().getFirst()));
            return Heading.unlabelled(line);
        }
    }

    private static List<Section> closed(List<Section> headings, int end) {
        Section[] closed = new Section[headings.size()];
        // Per level the line where the next heading of this or a higher level begins.
        int[] next = new int[7];
        Arrays.fill(next, end);
        for (int i = closed.length - 1; i >= 0; i--) {
            Section section = headings.get(i);
            int level = section.heading().level();
            closed[i] = new Section(section.heading(), section.from(), next[level]);
            Arrays.fill(next, level, next.length, section.from());
        }
        return List.of(closed);
    }
}
