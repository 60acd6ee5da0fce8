package dev.precept.dataset.spool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.testkit.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EntryBucketsTest {
    private static final int WIDTH = 12;

    @TempDir
    private Path folder;

    private final Random random = new Random(Seed.choose(getClass()));

    @Test
    void bucketsInOrderAreAllEntriesInOrderWhateverTheMemory() throws IOException {
        List<byte[]> entries = new ArrayList<>();
        for (int n = 0; n < 5_000; n++) {
            byte[] entry = new byte[WIDTH];
            random.nextBytes(entry);
            if (n % 3 == 0 && n > 0) { // equal ones, and some that differ in the last byte only
                entry = entries.get(random.nextInt(n)).clone();
                entry[WIDTH - 1] = (byte) random.nextInt(2);
            }
            entries.add(entry);
        }
        List<String> sorted =
                entries.stream().map(HexFormat.of()::formatHex).sorted().toList();
        for (long memory : new long[] {1 << 20, 1_000}) {
            try (Spool spool = Spool.open(folder, 1 << 20)) {
                EntryBuckets buckets = new EntryBuckets(spool, "test", WIDTH, 3, memory);
                Parallel.inOrder(
                        4,
                        10,
                        task -> {
                            for (int n = task; n < entries.size(); n += 10) {
                                buckets.add(entries.get(n));
                            }
                            return task;
                        },
                        task -> {});
                assertThat(buckets.entries()).isEqualTo(entries.size());
                List<String> read = new ArrayList<>();
                for (int bucket = 0; bucket < buckets.buckets(); bucket++) {
                    buckets.forEachSorted(
                            bucket,
                            (data, offset) -> {},
                            (data, offset) -> read.add(HexFormat.of().formatHex(data, offset, offset + WIDTH)));
                    buckets.delete(bucket);
                }
                assertThat(read).isEqualTo(sorted);
                assertThat(spool.used()).isZero();
            }
        }
    }

    @Test
    void entriesAreFoundByTheirFirstBytes() throws IOException {
        try (Spool spool = Spool.open(folder, 1 << 20)) {
            EntryBuckets buckets = new EntryBuckets(spool, "test", WIDTH, 0);
            byte[][] entries = IntStream.range(0, 500)
                    .mapToObj(n -> {
                        byte[] entry = new byte[WIDTH];
                        random.nextBytes(entry);
                        return entry;
                    })
                    .toArray(byte[][]::new);
            for (byte[] entry : entries) {
                buckets.add(entry);
            }
            SortedEntries sorted = buckets.load(0);
            for (byte[] entry : entries) {
                assertThat(sorted.contains(entry, 0, 8)).isTrue();
                byte[] other = Arrays.copyOf(entry, WIDTH);
                other[7] ^= 1;
                assertThat(sorted.contains(other, 0, 8)).isFalse();
            }
        }
    }

    @Test
    void aFilterKeepsEveryMemberAndFewOthers() {
        IdFilter filter = new IdFilter(1_000);
        byte[][] members = new byte[1_000][32];
        for (byte[] member : members) {
            random.nextBytes(member);
            filter.add(member, 0);
        }
        assertThat(List.of(members)).allMatch(filter::mayContain);
        long others = IntStream.range(0, 10_000)
                .filter(n -> {
                    byte[] other = new byte[32];
                    random.nextBytes(other);
                    return filter.mayContain(other);
                })
                .count();
        assertThat(others).isLessThan(500);
    }
}
