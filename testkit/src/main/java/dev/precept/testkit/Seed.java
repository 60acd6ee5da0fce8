package dev.precept.testkit;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** The one source of randomness of a test. It is printed, and {@code -Dseed=N} replays it. */
public final class Seed {
    private Seed() {}

    /** The seed the build was given, else a fresh one; printed with the name of what it drives. */
    public static long choose(Class<?> test) {
        String given = System.getProperty("precept.seed", "");
        long seed = given.matches("-?\\d+") ? Long.parseLong(given) : System.nanoTime();
        System.out.println(test.getSimpleName() + ": seed " + seed + " (replay with -Dseed=" + seed + ")");
        return seed;
    }

    /** A generator whose values are the same on every platform for a seed. */
    public static RandomGenerator random(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }
}
