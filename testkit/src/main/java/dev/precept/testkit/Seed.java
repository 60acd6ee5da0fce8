package dev.precept.testkit;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** The seed of a test's randomness. It is printed, and {@code -Dseed=N} replays it. */
public final class Seed {
    private Seed() {}

    /** Returns the build's seed or a new one, and prints it with the test's name. */
    public static long choose(Class<?> test) {
        String given = System.getProperty("precept.seed", "");
        long seed = given.matches("-?\\d+") ? Long.parseLong(given) : System.nanoTime();
        System.out.println(test.getSimpleName() + ": seed " + seed + " (replay with -Dseed=" + seed + ")");
        return seed;
    }

    /** Creates a generator with the same values on every platform. */
    public static RandomGenerator random(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }
}
