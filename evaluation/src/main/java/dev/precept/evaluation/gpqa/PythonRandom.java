package dev.precept.evaluation.gpqa;

import java.util.ArrayList;
import java.util.List;

/**
 * Python's {@code random.Random} with a small seed, bit for bit: MT19937 (Matsumoto and Nishimura, 1998), seeded by {@code
 * init_by_array}. Not thread-safe.
 */
final class PythonRandom {
    private static final int N = 624;
    private static final int M = 397;
    private static final int UPPER = 0x8000_0000;
    private static final int LOWER = 0x7fff_ffff;
    private static final int MATRIX = 0x9908_b0df;

    private final int[] state = new int[N];
    private int index = N;

    /** @param seed not negative, below 2^31: one word of the array that Python makes of a seed */
    PythonRandom(int seed) {
        init(19_650_218);
        int i = 1;
        for (int k = 0; k < N; k++) {
            state[i] = (state[i] ^ ((state[i - 1] ^ (state[i - 1] >>> 30)) * 1_664_525)) + seed;
            i = next(i);
        }
        for (int k = 0; k < N - 1; k++) {
            state[i] = (state[i] ^ ((state[i - 1] ^ (state[i - 1] >>> 30)) * 1_566_083_941)) - i;
            i = next(i);
        }
        state[0] = UPPER;
    }

    private void init(int seed) {
        state[0] = seed;
        for (int i = 1; i < N; i++) {
            state[i] = 1_812_433_253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
        }
    }

    private int next(int i) {
        if (i + 1 < N) {
            return i + 1;
        }
        state[0] = state[N - 1];
        return 1;
    }

    /** The next 32 bits. */
    int nextBits() {
        if (index == N) {
            twist();
        }
        int y = state[index++];
        y ^= y >>> 11;
        y ^= (y << 7) & 0x9d2c_5680;
        y ^= (y << 15) & 0xefc6_0000;
        return y ^ (y >>> 18);
    }

    private void twist() {
        for (int i = 0; i < N; i++) {
            int y = (state[i] & UPPER) | (state[(i + 1) % N] & LOWER);
            state[i] = state[(i + M) % N] ^ (y >>> 1) ^ ((y & 1) * MATRIX);
        }
        index = 0;
    }

    /** As {@code randrange(bound)}. */
    int below(int bound) {
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(bound);
        while (true) {
            int drawn = nextBits() >>> (Integer.SIZE - bits);
            if (drawn < bound) {
                return drawn;
            }
        }
    }

    /** As {@code sample(range(size), size)} for a size of at most 21, for which Python draws from a pool. */
    List<Integer> permutation(int size) {
        int[] pool = new int[size];
        for (int i = 0; i < size; i++) {
            pool[i] = i;
        }
        List<Integer> drawn = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            int j = below(size - i);
            drawn.add(pool[j]);
            pool[j] = pool[size - i - 1];
        }
        return drawn;
    }
}
