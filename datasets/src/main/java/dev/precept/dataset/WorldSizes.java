package dev.precept.dataset;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The numbers of ranks that read equally many files each. */
public final class WorldSizes {
    private WorldSizes() {}

    /** The divisors of a number of files, in order, such as {@code 1, 2, 4, 8}. */
    public static String dividing(int files) {
        return IntStream.rangeClosed(1, files)
                .filter(ranks -> files % ranks == 0)
                .mapToObj(String::valueOf)
                .collect(Collectors.joining(", "));
    }
}
