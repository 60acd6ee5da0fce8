package dev.precept.spec;

import java.util.List;

/** An invalid specification, with all its problems, one line each: where, what, what to do. */
public final class SpecException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    SpecException(String problem) {
        this(List.of(problem));
    }

    SpecException(List<String> found) {
        List<String> lines = found.stream().map(SpecException::oneLine).toList();
        super(String.join("\n", lines));
        this.problems = lines;
    }

    /** A problem may quote input that contains a line break. */
    private static String oneLine(String problem) {
        return problem.replaceAll("\\p{Cntrl}", "?");
    }

    public List<String> problems() {
        return problems;
    }
}
