package dev.precept.cli.run;

import dev.precept.cli.terminal.TextWidth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** The parts of a line that must fit a width: the least important ones are left out. Not thread-safe. */
final class LineParts {
    private static final String SEPARATOR = " · ";

    private final List<Part> parts = new ArrayList<>();

    private record Part(String text, int importance) {}

    /**
     * @param importance 1 for what is left out last
     * @param text is not added if it is empty
     */
    void add(int importance, String text) {
        if (!text.isEmpty()) {
            parts.add(new Part(text, importance));
        }
    }

    String all() {
        return parts.stream().map(Part::text).collect(Collectors.joining(SEPARATOR));
    }

    /** At most {@code width} columns; the last part that remains is cut. */
    String fit(int width) {
        LineParts fitting = new LineParts();
        fitting.parts.addAll(parts);
        while (fitting.parts.size() > 1 && TextWidth.columns(fitting.all()) > width) {
            fitting.parts.remove(fitting.parts.stream()
                    .max(Comparator.comparingInt(Part::importance))
                    .orElseThrow());
        }
        return TextWidth.fit(fitting.all(), width);
    }
}
