package dev.precept.dataset.verify;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The problems and the referenced keys found so far. Not thread-safe. */
final class VerificationReport {
    private final List<Verification.Problem> problems = new ArrayList<>();
    private final Set<String> referenced = new HashSet<>();
    private long files;
    private long rows;

    void addProblem(String key, String what, String remedy) {
        problems.add(new Verification.Problem(key, what, remedy));
    }

    void referenced(String key) {
        referenced.add(key);
    }

    boolean isReferenced(String key) {
        return referenced.contains(key);
    }

    void countVerified(long rowsOfFile) {
        files++;
        rows += rowsOfFile;
    }

    /** Adds what another report found, after what this one did. */
    void add(VerificationReport other) {
        problems.addAll(other.problems);
        referenced.addAll(other.referenced);
        files += other.files;
        rows += other.rows;
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
