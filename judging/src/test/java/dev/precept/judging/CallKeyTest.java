package dev.precept.judging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.records.Origin;
import dev.precept.records.SlotRef;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A repeated call has the same seed and nonce; every other call has its own seed, every candidate and role its own nonce. */
class CallKeyTest {
    private static final byte[] SECRET = "a nonce secret".getBytes(StandardCharsets.UTF_8);

    @Test
    void everyCallHasItsOwnSeed() {
        List<CallKey> different = Stream.of(
                        Stream.of(
                                CallKey.generation(ref("run-1", 0, 1, 1)),
                                CallKey.generation(ref("run-1", 1, 1, 1)),
                                CallKey.generation(ref("run-1", 0, 2, 1)),
                                CallKey.generation(ref("run-1", 0, 1, 2))),
                        Stream.of(1, 2, 3)
                                .flatMap(vote -> Stream.of(1, 2, 3)
                                        .map(retry -> CallKey.judgement(ref("run-1", 0, 1, 1), vote, retry))))
                .flatMap(keys -> keys)
                .toList();

        assertThat(different).extracting(CallKey::seed).doesNotHaveDuplicates();
        assertThat(different).extracting(CallKey::seed).allMatch(seed -> seed >= 0 && seed <= Integer.MAX_VALUE);
    }

    /** The server has read the text of all votes with the first one. */
    @Test
    void allVotesOnACandidateHaveOneNonceThatTheGeneratorDoesNotKnow() {
        SlotRef candidate = ref("run-1", 0, 1, 1);
        assertThat(Stream.of(1, 2, 3)
                        .flatMap(vote -> Stream.of(1, 2, 3).map(retry -> CallKey.judgement(candidate, vote, retry)))
                        .map(key -> key.nonce(SECRET))
                        .distinct())
                .hasSize(1);
        assertThat(Stream.of(
                        CallKey.judgement(candidate, 1, 1),
                        CallKey.generation(candidate),
                        CallKey.judgement(ref("run-1", 1, 1, 1), 1, 1),
                        CallKey.judgement(ref("run-1", 0, 2, 1), 1, 1),
                        CallKey.judgement(ref("run-1", 0, 1, 2), 1, 1)))
                .extracting(key -> key.nonce(SECRET))
                .doesNotHaveDuplicates();
    }

    @Test
    void anotherRunHasTheSameCallKeys() {
        CallKey one = CallKey.judgement(ref("run-1", 0, 1, 1), 2, 1);
        CallKey other = CallKey.judgement(ref("run-2", 0, 1, 1), 2, 1);

        assertThat(other.seed()).isEqualTo(one.seed());
        assertThat(other.nonce(SECRET)).isEqualTo(one.nonce(SECRET));
        assertThat(other.nonce(new byte[] {1})).isNotEqualTo(one.nonce(SECRET));
    }

    private static SlotRef ref(String run, int slot, int attempt, int tryNumber) {
        return new SlotRef(run, "p1", new Origin("a.jsonl", "7", 7L), slot, attempt, tryNumber);
    }
}
