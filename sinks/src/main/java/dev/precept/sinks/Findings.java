package dev.precept.sinks;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a verification has seen so far: what is wrong, and which keys have a place in the dataset. */
final class Findings {
    private final List<Verification.Problem> problems = new ArrayList<>();
    private final Set<String> named = new HashSet<>();
    private long files;
    private long rows;

    void problem(String key, String what, String remedy) {
        problems.add(new Verification.Problem(key, what, remedy));
    }

    void named(String key) {
        named.add(key);
    }

    boolean isNamed(String key) {
        return named.contains(key);
    }

    void whole(long rowsOfFile) {
        files++;
        rows += rowsOfFile;
    }

    List<Verification.Problem> problems() {
        return problems;
    }

    long files() {
        return files;
    }

    long rows() {
        return rows;
    }
}
