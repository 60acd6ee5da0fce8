package dev.precept.spec;

import java.util.Random;

/** Reproducible randomness: {@code -Dprecept.seed=N} repeats the seed that a failed test printed. */
final class Seed {
    private Seed() {}

    static Random random(String test) {
        String given = System.getProperty("precept.seed", "");
        long seed = given.matches("-?\\d{1,18}") ? Long.parseLong(given) : System.nanoTime();
        System.out.println(test + ": precept.seed=" + seed);
        return new Random(seed);
    }
}
