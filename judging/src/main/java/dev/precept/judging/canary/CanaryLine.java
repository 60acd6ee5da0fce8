package dev.precept.judging.canary;

import java.nio.file.Path;

/**
 * A canary and its line number.
 *
 * @param number from 1
 */
record CanaryLine(int number, Canary canary) {
    /** The location, for problem messages. */
    static String location(Path file, int number) {
        return "judge.canaries.file: " + file + ":" + number;
    }

    String locationIn(Path file) {
        return location(file, number);
    }
}
