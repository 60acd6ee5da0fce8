package dev.precept.dataset.verify;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a verification has seen so far: what is wrong, and which keys have a place in the dataset. */
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
