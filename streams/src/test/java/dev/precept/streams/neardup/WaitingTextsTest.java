package dev.precept.streams.neardup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.records.NearDuplicatePolicy;
import dev.precept.records.NearDuplicateSearch;
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

/**
 * Provisional claims in random interleavings of arrival, shards and outcomes, without Kafka: every text ends, each falls to
 * one with a sample, and so no cluster of which a member would be accepted is left without one.
 */
final class WaitingTextsTest {
    static {
        Topics.all(); // lets Avro use the classes of its records
    }

    private static final double THRESHOLD = 0.8;
    private static final Signer SIGNER = new Signer(Banding.of(THRESHOLD));

    private enum State {
        CHECKING,
        GENERATING,
        ACCEPTED,
        FAILED,
        FALLEN
    }

    /** A prompt, and what its run does with it. */
    private static final class Text {
        private final int offset;
        private final String words;
        private final boolean accepted;
        private final NeighbourRequests requests;
        private final Set<Integer> unanswered = new HashSet<>();
        private State state = State.CHECKING;
        private @Nullable String neighbour;

        /**
         * @param offset the order, from 0
         * @param accepted whether a slot would be
         */
        Text(int offset, int run, String words, boolean accepted, int shards) {
            this.offset = offset;
            this.words = words;
            this.accepted = accepted;
            this.requests = new NeighbourRequests(
                    new SlotRef("run-" + run, id(), new Origin("a.jsonl", "1", 1L), 0, 1, 1),
                    id(),
                    Instant.ofEpochMilli(run),
                    new Seq((long) offset, 0, 0),
                    0,
                    new NearDuplicateSearch(NearDuplicatePolicy.REJECT, NearDuplicatePolicy.OFF, THRESHOLD, shards),
                    true);
        }

        String id() {
            return "p" + offset;
        }
    }

    private static String words(Random random, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "w" + random.nextInt(5_000))
                .collect(Collectors.joining(" "));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void eachFallsToOneWithASampleWhateverTheOrderAndTheOutcomes(int shards) {
        Random random = new Random(Seed.choose(WaitingTextsTest.class));
        for (int round = 0; round < 60; round++) {
            List<String> words = new ArrayList<>();
            for (int cluster = 0; cluster < 4; cluster++) {
                String text = words(random, 60 + random.nextInt(100));
                for (int member = random.nextInt(7); member >= 0; member--) {
                    // Not all of a cluster are alike: the last words of one are the first of its next.
                    words.add(text);
                    text = words(random, random.nextInt(5)) + " " + text.substring(text.indexOf(' ', 20));
                }
            }
            Collections.shuffle(words, random);
            List<Text> texts = new ArrayList<>();
            for (int i = 0; i < words.size(); i++) {
                int run = i < words.size() / 3 ? 1 : 2;
                texts.add(new Text(i, run, words.get(i), random.nextInt(3) == 0, shards));
            }
            List<Text> arriving = new ArrayList<>(texts);
            if (random.nextBoolean()) {
                Collections.shuffle(arriving, random);
            }
            new Interleaving(random, shards, texts).run(arriving, true);
        }
    }

    /** All members are alike and arrive in order: only those before the first that is accepted are generated for. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void theFirstThatIsAcceptedIsKeptAndNoneIsGeneratedForAfterIt(int shards) {
        Random random = new Random(Seed.choose(WaitingTextsTest.class));
        for (int round = 0; round < 20; round++) {
            String words = words(random, 150);
            int first = random.nextInt(10);
            List<Text> texts = IntStream.range(0, 10)
                    .mapToObj(i ->
                            new Text(i, 1, words + " " + i, i == first || (i > first && random.nextBoolean()), shards))
                    .toList();
            new Interleaving(random, shards, texts).run(texts, false);
            assertThat(texts.get(first).state).isEqualTo(State.ACCEPTED);
            assertThat(texts.subList(0, first)).allMatch(text -> text.state == State.FAILED);
            assertThat(texts.subList(first + 1, texts.size())).allMatch(text -> text.state == State.FALLEN);
        }
    }

    @Test
    void aConfirmationOrWithdrawalOfATextThatWaitsFallsOrIsUnknownLeavesNoClaim() {
        MemoryShard shard = new MemoryShard(Siblings.SAME_PROMPT);
        String words = words(new Random(1), 100);
        Text first = new Text(0, 1, words, true, 1);
        Text second = new Text(1, 1, words + " one", true, 1);
        Text third = new Text(2, 1, words + " two", true, 1);
        assertThat(shard.apply(claim(first))).hasSize(1);
        assertThat(shard.apply(claim(second))).isEmpty();
        assertThat(shard.apply(claim(second)))
                .as("a claim that comes twice waits once")
                .isEmpty();
        second.requests
                .confirm()
                .forEach(request -> assertThat(shard.apply(request)).isEmpty());
        second.requests
                .withdraw(false)
                .forEach(request -> assertThat(shard.apply(request)).isEmpty());
        third.requests
                .withdraw(false)
                .forEach(request -> assertThat(shard.apply(request)).isEmpty());
        third.requests
                .confirm()
                .forEach(request -> assertThat(shard.apply(request)).isEmpty());
        first.requests
                .withdraw(false)
                .forEach(request -> assertThat(shard.apply(request)).isEmpty());
        assertThat(shard.documents).isEmpty();
        assertThat(shard.waiting).isEmpty();
        assertThat(shard.apply(claim(third)).getFirst().getNeighbour()).isNull();
        third.requests.confirm().forEach(shard::apply);
        third.requests.withdraw(false).forEach(shard::apply);
        assertThat(shard.documents.values()).as("a kept text is not withdrawn").hasSize(1);
    }

    /** As after a recovery that finds the state of the shards. */
    @Test
    void aClaimThatComesAgainIsTheSameClaim() {
        MemoryShard shard = new MemoryShard(Siblings.SAME_PROMPT);
        String words = words(new Random(2), 100);
        Text first = new Text(0, 1, words, true, 1);
        Text second = new Text(1, 1, words + " one", true, 1);
        Text third = new Text(2, 1, words + " two", true, 1);
        assertThat(shard.apply(claim(second))).hasSize(1);
        assertThat(shard.apply(claim(first))).as("later ones are no neighbours").hasSize(1);
        assertThat(shard.apply(claim(second))).as("it has its claim").hasSize(1);
        second.requests.withdraw(false).forEach(shard::apply);
        assertThat(shard.apply(claim(second)))
                .as("now it waits, its number in its buckets")
                .isEmpty();
        assertThat(shard.apply(claim(third))).isEmpty();
        second.requests.withdraw(false).forEach(shard::apply);
        Text other = new Text(1, 1, words(new Random(3), 100), true, 1);
        assertThat(shard.apply(claim(other))).as("another text with its id").hasSize(1);
        List<NeighbourAnswer> answers = new ArrayList<>();
        first.requests.withdraw(false).forEach(request -> answers.addAll(shard.apply(request)));
        assertThat(answers).extracting(answer -> answer.getRef().getPromptId()).containsExactly(third.id());
    }

    private static NeighbourRequest claim(Text text) {
        return text.requests.sign(NeighbourAction.CLAIM, text.words, false).getFirst();
    }

    /** Requests and answers that travel as records do: in order between two tasks, in any order otherwise. */
    private static final class Interleaving {
        private final Random random;
        private final List<MemoryShard> shards;
        private final List<Text> texts;
        private final Map<String, Text> byId = new HashMap<>();
        private final List<Deque<NeighbourRequest>> requests = new ArrayList<>();
        private final List<Deque<NeighbourAnswer>> answers = new ArrayList<>();
        private final List<Text> generating = new ArrayList<>();
        private boolean faults;

        Interleaving(Random random, int shards, List<Text> texts) {
            this.random = random;
            this.texts = texts;
            this.shards = IntStream.range(0, shards)
                    .mapToObj(i -> new MemoryShard(Siblings.SAME_PROMPT))
                    .toList();
            this.shards.forEach(shard -> {
                requests.add(new ArrayDeque<>());
                answers.add(new ArrayDeque<>());
            });
            texts.forEach(text -> byId.put(text.id(), text));
        }

        /** @param faults whether steps fail and runs end */
        void run(List<Text> arriving, boolean faults) {
            this.faults = faults;
            Deque<Text> next = new ArrayDeque<>(arriving);
            for (List<Runnable> possible = possible(next); !possible.isEmpty(); possible = possible(next)) {
                possible.get(random.nextInt(possible.size())).run();
            }
            texts.forEach(this::check);
            shards.forEach(shard -> {
                assertThat(shard.waiting).isEmpty();
                assertThat(shard.documents.values()).allSatisfy(document -> {
                    assertThat(document.getKept()).isTrue();
                    assertThat(text(document.getId()).state).isEqualTo(State.ACCEPTED);
                });
            });
        }

        private List<Runnable> possible(Deque<Text> next) {
            List<Runnable> possible = new ArrayList<>();
            for (int shard = 0; shard < shards.size(); shard++) {
                int number = shard;
                if (!requests.get(shard).isEmpty()) {
                    possible.add(() -> apply(number));
                }
                if (!answers.get(shard).isEmpty()) {
                    possible.add(() -> answered(answers.get(number).pop()));
                }
            }
            if (!next.isEmpty()) {
                possible.add(() -> arrive(next.pop()));
            }
            if (!generating.isEmpty()) {
                possible.add(() -> end(generating.remove(random.nextInt(generating.size()))));
            }
            return possible;
        }

        private void arrive(Text text) {
            List<NeighbourRequest> claims = text.requests.sign(NeighbourAction.CLAIM, text.words, false);
            claims.forEach(claim -> text.unanswered.add(claim.getShard()));
            send(claims);
        }

        private void send(List<NeighbourRequest> sent) {
            sent.forEach(request -> {
                requests.get(request.getShard()).add(request);
                boolean claims = request.getAction() == NeighbourAction.CLAIM && !request.getConfirms();
                if (!claims && random.nextInt(4) == 0) {
                    requests.get(request.getShard()).add(request); // twice
                }
            });
        }

        private void apply(int number) {
            MemoryShard shard = shards.get(number);
            answers.get(number).addAll(shard.apply(requests.get(number).pop()));
            if (random.nextInt(20) == 0) {
                shard.restart();
            }
        }

        private void answered(NeighbourAnswer answer) {
            Text text = text(answer.getRef().getPromptId());
            if (text.state != State.CHECKING || !text.unanswered.remove(answer.getShard())) {
                return;
            }
            if (answer.getNeighbour() != null) {
                text.neighbour = answer.getNeighbour().getId();
            }
            if (faults && random.nextInt(50) == 0) {
                text.state = State.FAILED; // as a step that fails on the answer
                send(text.requests.withdraw(false));
            } else if (text.unanswered.isEmpty() && text.neighbour != null) {
                text.state = State.FALLEN;
                if (shards.size() > 1) {
                    send(text.requests.withdraw(false));
                }
            } else if (text.unanswered.isEmpty()) {
                text.state = State.GENERATING;
                generating.add(text);
            }
        }

        private void end(Text text) {
            text.state = text.accepted ? State.ACCEPTED : State.FAILED;
            send(text.accepted ? text.requests.confirm() : text.requests.withdraw(faults && random.nextInt(10) == 0));
        }

        private void check(Text text) {
            assertThat(text.state).as(text.id()).isIn(State.ACCEPTED, State.FAILED, State.FALLEN);
            if (text.state == State.FALLEN) {
                Text neighbour = text(Objects.requireNonNull(text.neighbour));
                assertThat(neighbour.state).as("the neighbour of " + text.id()).isEqualTo(State.ACCEPTED);
                assertThat(neighbour.offset).isLessThan(text.offset);
                Signature mine = SIGNER.sign(text.words);
                assertThat(mine.similarity(SIGNER.sign(neighbour.words))).isGreaterThanOrEqualTo(THRESHOLD);
            }
        }

        private Text text(String id) {
            return Objects.requireNonNull(byId.get(id), id);
        }
    }
}
