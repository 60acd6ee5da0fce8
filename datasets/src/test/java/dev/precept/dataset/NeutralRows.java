package dev.precept.dataset;

import dev.precept.content.Sha256;
import dev.precept.records.Dedup;
import dev.precept.records.Generator;
import dev.precept.records.InvalidReason;
import dev.precept.records.Message;
import dev.precept.records.Outcome;
import dev.precept.records.Reason;
import dev.precept.records.Rejection;
import dev.precept.records.ResponseStyle;
import dev.precept.records.Sample;
import dev.precept.records.Seq;
import dev.precept.records.Source;
import dev.precept.records.Stage;
import dev.precept.records.Usage;
import dev.precept.records.Vote;
import dev.precept.schemas.ContentId;
import dev.precept.schemas.SlotId;
import dev.precept.schemas.TrustedRecords;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Neutral rows whose fields are functions of a number. */
public final class NeutralRows {
    public static final String RUN = "run-1";

    static {
        TrustedRecords.trust(); // builders copy nested records through Avro
    }

    private NeutralRows() {}

    /** The sample of prompt n; a third have no tools, side information or response style. */
    public static Sample sample(int n) {
        return sample(n, "Question " + n + ", caf\u00e9 \ud83d\ude00?", seq(n));
    }

    /** The sample of prompt n; content is a function of the question. */
    public static Sample sample(int n, String question, Seq seq) {
        String promptId = Sha256.hex("prompt " + n);
        List<Message> messages = List.of(
                message("developer", "Be kind.").build(),
                message("user", question).setName("reader").build(),
                message("assistant", "Answer to " + question)
                        .setReasoningContent("Because of [benign-K1]:\n\u201c" + question + "\u201d")
                        .build());
        boolean full = n % 3 != 0;
        return Sample.newBuilder()
                .setSampleId(SlotId.sampleId(RUN, SlotId.of(promptId, 0)))
                .setRunId(RUN)
                .setPromptId(promptId)
                .setSlot(0)
                .setAttempt(1 + n % 2)
                .setMessages(messages)
                .setTools(full ? "[{\"type\":\"function\"}]" : null)
                .setReasoning(messages.getLast().getReasoningContent())
                .setAnswer(messages.getLast().getContent())
                .setCategory(full ? List.of("privacy", "violence") : List.of())
                .setResponseStyle(full ? ResponseStyle.COMPLY : null)
                .setSpecVersion("spec-1")
                .setSpecExcerptSha256(Sha256.hex("excerpt"))
                .setCitedClauses(full ? List.of("benign-K1") : List.of())
                .setJudge(List.of(vote(1, 9), vote(2, 8.5)))
                .setJudgeMin(8.5)
                .setSideInfo(full ? "harmless" : null)
                .setGenerator(generator(n))
                .setDedup(Dedup.newBuilder()
                        .setContentHash(ContentId.ofSample(messages, null))
                        .setBands(List.of(1L, -2L))
                        .setSeq(seq)
                        .build())
                .setSource(source(n))
                .setCreatedAt(Instant.ofEpochMilli(1_700_000_000_000L + n))
                .build();
    }

    /** The terminal rejection of prompt n; every second slot is INVALID. */
    public static Rejection rejection(int n) {
        boolean dead = n % 2 == 1;
        String promptId = Sha256.hex("prompt " + n);
        return Rejection.newBuilder()
                .setOutcome(dead ? Outcome.INVALID : Outcome.REJECTED)
                .setReason(dead ? null : Reason.LOW_SCORE)
                .setInvalidReason(dead ? InvalidReason.UNREADABLE : null)
                .setTerminal(true)
                .setStage(dead ? Stage.INTAKE : Stage.JUDGING)
                .setDetail("fell")
                .setRunId(RUN)
                .setPromptId(promptId)
                .setSlotId(SlotId.of(promptId, 0))
                .setSlot(0)
                .setCategory(dead ? null : List.of("privacy"))
                .setJudge(dead ? null : List.of(vote(1, 3)))
                .setSource(source(n))
                .build();
    }

    /** The sample of another slot of prompt n, with its lowest vote. */
    public static Sample sample(int n, int slot, double lowest) {
        Sample first = sample(n, "Question " + n + "?", new Seq((long) n, 0, slot));
        List<Message> messages = List.of(
                first.getMessages().get(0),
                first.getMessages().get(1),
                message("assistant", "Answer " + slot)
                        .setReasoningContent("Thought " + slot)
                        .build());
        return Sample.newBuilder(first)
                .setSampleId(SlotId.sampleId(RUN, SlotId.of(first.getPromptId(), slot)))
                .setSlot(slot)
                .setMessages(messages)
                .setReasoning("Thought " + slot)
                .setAnswer("Answer " + slot)
                .setJudge(List.of(vote(1, lowest)))
                .setJudgeMin(lowest)
                .setDedup(Dedup.newBuilder()
                        .setContentHash(ContentId.ofSample(messages, null))
                        .setBands(List.of())
                        .setSeq(first.getDedup().getSeq())
                        .build())
                .build();
    }

    /** An attempt at a slot of prompt n that was rejected for its lowest vote. */
    public static Rejection attempt(int n, int slot, int attempt, double lowest) {
        Sample kept = sample(n, slot, 10);
        return Rejection.newBuilder()
                .setOutcome(Outcome.REJECTED)
                .setReason(Reason.LOW_SCORE)
                .setTerminal(false)
                .setStage(Stage.JUDGING)
                .setDetail("fell")
                .setRunId(RUN)
                .setPromptId(kept.getPromptId())
                .setSlotId(SlotId.of(kept.getPromptId(), slot))
                .setSlot(slot)
                .setAttempt(attempt)
                .setMessages(kept.getMessages().subList(0, 2))
                .setTools(kept.getTools())
                .setReasoning("Bad thought " + attempt)
                .setAnswer("Bad answer " + attempt)
                .setCategory(kept.getCategory())
                .setSpecVersion(kept.getSpecVersion())
                .setSpecExcerptSha256(kept.getSpecExcerptSha256())
                .setJudge(List.of(vote(1, lowest)))
                .setJudgeMin(lowest)
                .setGenerator(generator(n))
                .setDedup(Dedup.newBuilder()
                        .setContentHash(kept.getPromptId())
                        .setBands(List.of())
                        .setSeq(new Seq((long) n, 0, slot))
                        .build())
                .setSource(source(n))
                .setCreatedAt(kept.getCreatedAt())
                .build();
    }

    /** The sample without tools, and without keys of messages that not every message has. */
    public static Sample plain(Sample sample) {
        return Sample.newBuilder(sample)
                .setMessages(plain(sample.getMessages()))
                .setTools(null)
                .build();
    }

    /** The same of a rejection. */
    public static Rejection plain(Rejection rejection) {
        return Rejection.newBuilder(rejection)
                .setMessages(plain(rejection.getMessages()))
                .setTools(null)
                .build();
    }

    private static List<Message> plain(List<Message> messages) {
        return messages.stream()
                .map(message -> Message.newBuilder(message).setName(null).build())
                .toList();
    }

    /** The order of prompt n. */
    public static Seq seq(int n) {
        return new Seq((long) n, 0, 0);
    }

    private static Message.Builder message(String role, String content) {
        return Message.newBuilder().setRole(role).setContent(content);
    }

    private static Generator generator(int n) {
        return Generator.newBuilder()
                .setModel("small-model")
                .setEndpoint("http://127.0.0.1:9/v1")
                .setTemplate("generate-1")
                .setParams("{\"max_tokens\":100}")
                .setSeed(n)
                .setFinishReason("stop")
                .setUsage(new Usage(100L, 40L, 30L, 0L))
                .setCostUsd(null)
                .setAttempts(1)
                .build();
    }

    private static Source source(int n) {
        return Source.newBuilder()
                .setUri("prompts.jsonl")
                .setId("p" + n)
                .setLine(n + 1)
                .setLicense("CC0-1.0")
                .build();
    }

    private static Vote vote(int number, double score) {
        return Vote.newBuilder()
                .setVote(number)
                .setCalls(1)
                .setScore(score)
                .setCriteria(Map.of("safety", score, "helpfulness", 9.0))
                .setReason("sound")
                .setModel("judge-model")
                .setEndpoint("http://127.0.0.1:9/v1")
                .setTemplate("judge-1")
                .setSeed(number)
                .setUsage(new Usage(50L, 5L, 0L, 0L))
                .build();
    }
}
