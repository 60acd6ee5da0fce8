package dev.precept.judging.canary;

import java.nio.file.Path;

/**
 * A canary where it stands.
 *
 * @param number of the line, from 1
 */
record CanaryLine(int number, Canary canary) {
    /** Its place, as problems name it. */
    static String location(Path file, int number) {
        return "judge.canaries.file: " + file + ":" + number;
    }

    String locationIn(Path file) {
        return location(file, number);
    }
}
