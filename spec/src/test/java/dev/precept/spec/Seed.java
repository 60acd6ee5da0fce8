package dev.precept.spec;

import java.util.Random;

/** Randomness that can be repeated: {@code -Dseed=N} gives again what a failed test has printed. */
final class Seed {
    private Seed() {}

    static Random random(String test) {
        String given = System.getProperty("precept.seed", "");
        long seed = given.matches("-?\\d{1,18}") ? Long.parseLong(given) : System.nanoTime();
        System.out.println(test + ": precept.seed=" + seed);
        return new Random(seed);
    }
}
