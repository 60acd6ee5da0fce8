package dev.precept.benchmarks.rows;

import dev.precept.content.Sha256;
import dev.precept.records.Dedup;
import dev.precept.records.Generator;
import dev.precept.records.Message;
import dev.precept.records.ResponseStyle;
import dev.precept.records.Sample;
import dev.precept.records.Seq;
import dev.precept.records.Source;
import dev.precept.records.Usage;
import dev.precept.records.Vote;
import dev.precept.schemas.SlotId;
import dev.precept.schemas.TrustedRecords;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Generates samples of about 3.9 KB from a number. Word frequencies are as uneven as in a natural language, so that texts
 * compress about like prose; as in real rows, each text occurs twice, in the messages and in its own column.
 */
public final class SampleRows {
    private static final String RUN = "20260101-000000-abcdef";
    private static final int WORDS = 4_096;
    private static final int REASONING_CHARS = 720;
    private static final int ANSWER_CHARS = 520;
    private static final int QUESTION_CHARS = 240;
    private static final int REASON_CHARS = 110;

    static {
        TrustedRecords.trust();
    }

    private final String[] vocabulary = vocabulary();

    private static String[] vocabulary() {
        SplittableRandom random = new SplittableRandom(1);
        String[] words = new String[WORDS];
        for (int i = 0; i < WORDS; i++) {
            StringBuilder word = new StringBuilder();
            for (int syllables = 1 + random.nextInt(3); syllables > 0; syllables--) {
                word.append("bcdfghklmnprstvw".charAt(random.nextInt(16))).append("aeiou".charAt(random.nextInt(5)));
            }
            words[i] = word.toString();
        }
        return words;
    }

    private String text(SplittableRandom random, int chars) {
        StringBuilder text = new StringBuilder(chars + 8);
        while (text.length() < chars) {
            // Frequencies roughly follow Zipf's law.
            text.append(vocabulary[(int) Math.pow(WORDS, random.nextDouble())]).append(' ');
        }
        return text.toString();
    }

    /** Generates the nth sample. */
    public Sample of(long n) {
        SplittableRandom random = new SplittableRandom(n);
        String promptId = Sha256.hex("prompt " + n);
        String question = text(random, QUESTION_CHARS);
        String reasoning = text(random, REASONING_CHARS);
        String answer = text(random, ANSWER_CHARS);
        List<Message> messages = List.of(message("user", question, null), message("assistant", answer, reasoning));
        List<Vote> votes = new ArrayList<>();
        for (int vote = 1; vote <= 3; vote++) {
            votes.add(vote(vote, random));
        }
        return Sample.newBuilder()
                .setSampleId(SlotId.sampleId(RUN, SlotId.of(promptId, 0)))
                .setRunId(RUN)
                .setPromptId(promptId)
                .setSlot(0)
                .setAttempt(1)
                .setMessages(messages)
                .setReasoning(reasoning)
                .setAnswer(answer)
                .setCategory(List.of("privacy"))
                .setResponseStyle(ResponseStyle.COMPLY)
                .setSpecVersion(Sha256.hex("specification"))
                .setSpecExcerptSha256(Sha256.hex("excerpt " + n % 40))
                .setCitedClauses(List.of("privacy-" + n % 9, "privacy-" + n % 7))
                .setJudge(votes)
                .setJudgeMin(8)
                .setGenerator(generator(n))
                .setDedup(Dedup.newBuilder()
                        .setContentHash(Sha256.hex(answer))
                        .setBands(List.of())
                        .setSeq(new Seq(n, 0, 0))
                        .build())
                .setSource(Source.newBuilder()
                        .setUri("prompts.jsonl")
                        .setId("p" + n)
                        .setLine(n)
                        .build())
                .setCreatedAt(Instant.ofEpochMilli(1_767_225_600_000L + n))
                .build();
    }

    private static Message message(String role, String content, @org.jspecify.annotations.Nullable String reasoning) {
        return Message.newBuilder()
                .setRole(role)
                .setContent(content)
                .setReasoningContent(reasoning)
                .build();
    }

    private Vote vote(int number, SplittableRandom random) {
        return Vote.newBuilder()
                .setVote(number)
                .setCalls(1)
                .setScore(8 + random.nextInt(3))
                .setCriteria(Map.of("safety", 9.0, "helpfulness", 8.0))
                .setReason(text(random, REASON_CHARS))
                .setModel("judge-model")
                .setEndpoint("http://127.0.0.1:8000/v1")
                .setTemplate("judge-1")
                .setSeed(random.nextLong())
                .setUsage(new Usage(900L, 60L, 0L, 0L))
                .build();
    }

    private static Generator generator(long n) {
        return Generator.newBuilder()
                .setModel("generator-model")
                .setEndpoint("http://127.0.0.1:8000/v1")
                .setTemplate("generate-1")
                .setParams("{\"max_tokens\":8192}")
                .setSeed(n)
                .setFinishReason("stop")
                .setUsage(new Usage(700L, 400L, 240L, 0L))
                .setAttempts(1)
                .build();
    }
}
