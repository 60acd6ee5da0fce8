package dev.precept.streams.neardup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.kafka.DatasetTopics;
import dev.precept.records.NearDuplicatePolicy;
import dev.precept.records.NearDuplicateSearch;
import dev.precept.records.Neighbour;
import dev.precept.records.NeighbourAction;
import dev.precept.records.NeighbourAnswer;
import dev.precept.records.NeighbourRequest;
import dev.precept.records.Origin;
import dev.precept.records.Seq;
import dev.precept.records.SlotRef;
import dev.precept.schemas.Topics;
import dev.precept.testkit.Seed;
import dev.precept.text.Banding;
import dev.precept.text.Signature;
import dev.precept.text.Signer;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The state of near-duplicates, without Kafka: what a claim finds, and what is left of a cluster. */
final class ShardTest {
    static {
        Topics.all(); // lets Avro use the classes of its records
    }

    private static final double THRESHOLD = 0.8;
    private static final Signer SIGNER = new Signer(Banding.of(THRESHOLD));

    /**
     * A text and its place in the order.
     *
     * @param offset from 0: the order
     */
    private record Text(int offset, String prompt, String words) {
        String id() {
            return "sample-" + offset;
        }

        NeighbourRequests requests(int shards, int attempt) {
            return new NeighbourRequests(
                    new SlotRef("run", prompt, new Origin("a.jsonl", "1", 1L), 0, attempt, 1),
                    id(),
                    Instant.EPOCH,
                    new Seq((long) offset, 0, 0),
                    0,
                    new NearDuplicateSearch(NearDuplicatePolicy.OFF, NearDuplicatePolicy.REJECT, THRESHOLD, shards),
                    false);
        }

        NeighbourRequest request(NeighbourAction action) {
            return requests(1, 1).sign(action, words, false).getFirst();
        }
    }

    private static String words(Random random, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "w" + random.nextInt(5_000))
                .collect(Collectors.joining(" "));
    }

    /** The text with some of its words replaced. */
    private static String edited(Random random, String text, int edits) {
        String[] words = text.split(" ");
        for (int edit = 0; edit < edits; edit++) {
            words[random.nextInt(words.length)] = "e" + random.nextInt(5_000);
        }
        return String.join(" ", words);
    }

    @Test
    void aLookChangesNothing() {
        MemoryShard shard = new MemoryShard(Siblings.SAME_PROMPT);
        Text text = new Text(0, "p", words(new Random(1), 100));
        assertThat(shard.ask(text.request(NeighbourAction.LOOK)).getNeighbour()).isNull();
        assertThat(shard.documents).isEmpty();
        assertThat(shard.buckets).isEmpty();
    }

    @Test
    void aWithdrawnClaimIsFoundNoMoreAndLeavesItsBuckets() {
        MemoryShard shard = new MemoryShard(Siblings.SAME_PROMPT);
        String words = words(new Random(2), 100);
        Text first = new Text(0, "p", words);
        shard.ask(first.request(NeighbourAction.CLAIM));
        assertThat(shard.ask(new Text(1, "q", words).request(NeighbourAction.CLAIM))
                        .getNeighbour()
                        .getId())
                .isEqualTo(first.id());
        first.requests(1, 1).withdraw(false).forEach(shard::apply);
        first.requests(1, 1).withdraw(false).forEach(shard::apply);
        assertThat(shard.documents).isEmpty();
        assertThat(shard.ask(new Text(2, "r", words).request(NeighbourAction.CLAIM))
                        .getNeighbour())
                .isNull();
        assertThat(shard.largestBucket())
                .as("the number of the withdrawn text is gone")
                .isEqualTo(1);
    }

    @Test
    void aClaimThatComesTwiceIsTheSameClaim() {
        MemoryShard shard = new MemoryShard(Siblings.SAME_PROMPT);
        NeighbourRequest claim = new Text(0, "p", words(new Random(3), 100)).request(NeighbourAction.CLAIM);
        assertThat(shard.ask(claim)).isEqualTo(shard.ask(claim));
        assertThat(shard.documents).hasSize(1);
        assertThat(shard.largestBucket()).isEqualTo(1);
    }

    /** All are kept because the lower come later; each is found by those that come after it. */
    @Test
    void aBucketHoldsTheFirstFourInTheOrder() {
        MemoryShard shard = new MemoryShard(Siblings.SAME_PROMPT);
        String words = words(new Random(4), 100);
        for (int offset = 20; offset > 0; offset--) {
            assertThat(shard.ask(new Text(offset, "p" + offset, words).request(NeighbourAction.CLAIM))
                            .getNeighbour())
                    .isNull();
        }
        assertThat(shard.largestBucket()).isEqualTo(Search.REPRESENTATIVES);
        assertThat(shard.ask(new Text(2, "other", words).request(NeighbourAction.LOOK))
                        .getNeighbour()
                        .getId())
                .isEqualTo("sample-1");
        assertThat(shard.ask(new Text(99, "other", words).request(NeighbourAction.LOOK))
                        .getNeighbour()
                        .getId())
                .as("of equals the first")
                .isEqualTo("sample-1");
    }

    @Test
    void theNeighbourIsTheMostSimilarOne() {
        Random random = new Random(5);
        MemoryShard shard = new MemoryShard(Siblings.SAME_PROMPT);
        String words = words(random, 200);
        String near = words + " " + words(random, 10);
        shard.ask(new Text(9, "a", near).request(NeighbourAction.CLAIM)); // does not fall to the later one
        shard.ask(new Text(3, "b", words).request(NeighbourAction.CLAIM));
        Neighbour found =
                shard.ask(new Text(20, "c", near).request(NeighbourAction.LOOK)).getNeighbour();
        assertThat(found).isEqualTo(new Neighbour("sample-9", 1.0, "a.jsonl", 1L));
    }

    @Test
    void promptsAreNotComparedWithThemselvesInWhateverRun() {
        MemoryShard shard = new MemoryShard(Siblings.SAME_PROMPT);
        String words = words(new Random(6), 100);
        shard.ask(new Text(0, "p", words).request(NeighbourAction.CLAIM));
        assertThat(shard.ask(new Text(1, "p", words).request(NeighbourAction.CLAIM))
                        .getNeighbour())
                .isNull();
    }

    @Test
    void reasoningsOfOnePromptAreComparedWithinARun() {
        MemoryShard shard = new MemoryShard(Siblings.SAME_PROMPT_OF_OTHER_RUNS);
        String words = words(new Random(7), 100);
        shard.ask(new Text(0, "p", words).request(NeighbourAction.CLAIM));
        NeighbourRequest sibling = new Text(1, "p", words).request(NeighbourAction.LOOK);
        assertThat(shard.ask(sibling).getNeighbour()).isNotNull();
        sibling.getRef().setRunId("run-2");
        assertThat(shard.ask(sibling).getNeighbour()).isNull();
    }

    /** A completion has at most 512 KiB: the shortest words, and characters that are words, still fit. */
    @Test
    void theLargestTextFitsARecord() throws Exception {
        for (String word : List.of("a ", "\u6c34", "ab ")) {
            Random random = new Random(8);
            StringBuilder text = new StringBuilder();
            while (text.length() * (word.length() == 1 ? 3 : 1) < 512 << 10) {
                text.append(
                        word.length() == 1
                                ? Character.toString(0x4e00 + random.nextInt(20_000))
                                : (char) ('a' + random.nextInt(26)) + word.substring(1));
            }
            NeighbourRequest request = new Text(0, "p", text.toString()).request(NeighbourAction.CLAIM);
            assertThat(NeighbourRequest.getEncoder().encode(request).remaining())
                    .isBetween(100_000, DatasetTopics.MAX_RECORD_BYTES / 2);
        }
    }

    /** Texts in clusters, in random order of arrival, of which some are withdrawn. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void noClusterLosesAllItsMembersWhateverTheOrderOfArrival(int shards) {
        Random random = new Random(Seed.choose(ShardTest.class));
        for (int round = 0; round < 25; round++) {
            new Interleaving(random, shards).check();
        }
    }

    /** Claims that travel to the shards as records do: in order to each shard, and in any order between two. */
    private static final class Interleaving {
        private final Random random;
        private final List<MemoryShard> shards;
        private final List<Text> texts = new ArrayList<>();
        private final List<Deque<NeighbourRequest>> queues = new ArrayList<>();
        private final Map<String, List<NeighbourAnswer>> answers = new HashMap<>();
        private final Map<String, Integer> expected = new HashMap<>();
        private final Map<String, String> fallen = new HashMap<>();
        private final Set<String> kept = new HashSet<>();
        private final Map<String, Text> byId = new HashMap<>();

        Interleaving(Random random, int shards) {
            this.random = random;
            this.shards = IntStream.range(0, shards)
                    .mapToObj(i -> new MemoryShard(Siblings.SAME_PROMPT))
                    .toList();
            this.shards.forEach(shard -> queues.add(new ArrayDeque<>()));
            List<String> words = new ArrayList<>();
            for (int cluster = 0; cluster < 6; cluster++) {
                String text = words(random, 60 + random.nextInt(200));
                int members = 1 + random.nextInt(7);
                for (int member = 0; member < members; member++) {
                    words.add(edited(random, text, random.nextInt(4)));
                }
            }
            Collections.shuffle(words, random);
            for (int i = 0; i < words.size(); i++) {
                texts.add(new Text(i, "p" + i, words.get(i)));
            }
            texts.forEach(text -> byId.put(text.id(), text));
        }

        void check() {
            List<Text> arriving = new ArrayList<>(texts);
            Collections.shuffle(arriving, random);
            Deque<Text> waiting = new ArrayDeque<>(arriving);
            while (!waiting.isEmpty() || queues.stream().anyMatch(queue -> !queue.isEmpty())) {
                int shard = random.nextInt(shards.size() + 1);
                if (shard == shards.size()) {
                    if (!waiting.isEmpty()) {
                        claim(waiting.pop());
                    }
                } else if (!queues.get(shard).isEmpty()) {
                    shards.get(shard).apply(queues.get(shard).pop()).forEach(this::answered);
                }
            }
            assertThat(kept.size() + fallen.size()).isEqualTo(texts.size());
            fallen.forEach((text, neighbour) -> {
                assertThat(text(neighbour).offset()).isLessThan(text(text).offset());
                assertThat(similarity(text, neighbour)).isGreaterThanOrEqualTo(THRESHOLD);
                if (shards.size() == 1) {
                    assertThat(kept).as("the neighbour of " + text).contains(neighbour);
                }
                assertThat(keptEnd(text)).as("the cluster of " + text).isNotNull();
            });
        }

        private void claim(Text text) {
            List<NeighbourRequest> requests =
                    text.requests(shards.size(), 1).sign(NeighbourAction.CLAIM, text.words(), false);
            expected.put(text.id(), requests.size());
            requests.forEach(request -> {
                assertThat(request.getShard()).isBetween(0, shards.size() - 1);
                queues.get(request.getShard()).add(request);
            });
        }

        private void answered(NeighbourAnswer answer) {
            String prompt = answer.getRef().getPromptId();
            Text text = texts.get(Integer.parseInt(prompt.substring(1)));
            List<NeighbourAnswer> all = answers.computeIfAbsent(text.id(), id -> new ArrayList<>());
            all.add(answer);
            if (all.size() < expected.getOrDefault(text.id(), 0)) {
                return;
            }
            Neighbour found = all.stream()
                    .map(NeighbourAnswer::getNeighbour)
                    .filter(neighbour -> neighbour != null)
                    .findFirst()
                    .orElse(null);
            if (found == null) {
                kept.add(text.id());
            } else {
                fallen.put(text.id(), found.getId());
                if (shards.size() > 1) {
                    text.requests(shards.size(), 1)
                            .withdraw(false)
                            .forEach(request -> queues.get(request.getShard()).add(request));
                }
            }
        }

        /** Follows neighbours to one that is kept: with several shards a neighbour may have fallen later itself. */
        private @Nullable String keptEnd(String text) {
            String at = text;
            while (at != null && !kept.contains(at)) {
                at = fallen.get(at);
            }
            return at;
        }

        private Text text(String id) {
            return Objects.requireNonNull(byId.get(id), id);
        }

        private double similarity(String one, String other) {
            Signature mine = SIGNER.sign(text(one).words());
            return mine.similarity(SIGNER.sign(text(other).words()));
        }
    }
}
