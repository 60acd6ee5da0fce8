package dev.precept.dataset;

import dev.precept.records.Dedup;
import dev.precept.records.Generator;
import dev.precept.records.Message;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.records.Usage;
import dev.precept.schemas.ContentId;
import dev.precept.schemas.SlotId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Rejected attempts that judges voted on, as neutral rows. */
public final class RejectedAttempts {
    private static final Generator NO_GENERATOR = Generator.newBuilder()
            .setModel("")
            .setEndpoint("")
            .setTemplate("")
            .setParams("")
            .setSeed(0)
            .setUsage(new Usage(0L, 0L, 0L, 0L))
            .setAttempts(0)
            .build();

    private RejectedAttempts() {}

    /**
     * The attempt as a sample; empty if it has no answer or no vote. With {@code stop_early} the lowest vote is that of the
     * requested votes. Tool calls of rejected attempts are not recorded, so for a prompt with tools only a text answer counts.
     */
    public static Optional<Sample> asSample(Rejection rejection) {
        List<Message> prompt = rejection.getMessages();
        String answer = rejection.getAnswer();
        if (prompt == null
                || answer == null
                || answer.isBlank()
                || rejection.getAttempt() == null
                || rejection.getJudge() == null
                || rejection.getJudge().isEmpty()
                || rejection.getJudgeMin() == null
                || rejection.getSpecVersion() == null
                || rejection.getSpecExcerptSha256() == null
                || rejection.getGenerator() == null
                || rejection.getDedup() == null
                || rejection.getCreatedAt() == null) {
            return Optional.empty();
        }
        List<Message> messages = messages(rejection, prompt);
        return Optional.of(attempt(rejection, messages)
                .setReasoning(rejection.getReasoning() == null ? "" : rejection.getReasoning())
                .setAnswer(answer)
                .setResponseStyle(rejection.getResponseStyle())
                .setCitedClauses(rejection.getCitedClauses() == null ? List.of() : rejection.getCitedClauses())
                .setJudge(rejection.getJudge())
                .setJudgeMin(rejection.getJudgeMin())
                .setGenerator(rejection.getGenerator())
                .setDedup(Dedup.newBuilder()
                        .setContentHash(ContentId.ofSample(messages, rejection.getTools()))
                        .setBands(List.of())
                        .setSeq(rejection.getDedup().getSeq())
                        .build())
                .setCreatedAt(rejection.getCreatedAt())
                .setFindings(rejection.getFindings())
                .setAudited(rejection.getAudited())
                .setRepaired(rejection.getRepaired())
                .build());
    }

    /**
     * The prompt of an attempt that failed in any way, as a sample without an answer; empty for the end of a slot, which
     * repeats an attempt or had none.
     */
    public static Optional<Sample> promptOf(Rejection rejection) {
        List<Message> prompt = rejection.getMessages();
        if (rejection.getTerminal()
                || prompt == null
                || prompt.isEmpty()
                || rejection.getAttempt() == null
                || rejection.getSpecVersion() == null
                || rejection.getSpecExcerptSha256() == null
                || rejection.getDedup() == null) {
            return Optional.empty();
        }
        List<Message> messages = new ArrayList<>(prompt);
        messages.add(Message.newBuilder().setRole("assistant").setContent("").build());
        return Optional.of(attempt(rejection, messages)
                .setReasoning("")
                .setAnswer("")
                .setCitedClauses(List.of())
                .setJudge(List.of())
                .setJudgeMin(0)
                .setGenerator(NO_GENERATOR)
                .setDedup(Dedup.newBuilder()
                        .setContentHash(contentHash(rejection).orElse(rejection.getPromptId()))
                        .setBands(List.of())
                        .setSeq(rejection.getDedup().getSeq())
                        .build())
                .setCreatedAt(Instant.EPOCH)
                .build());
    }

    /** What an attempt has with or without an answer. */
    private static Sample.Builder attempt(Rejection rejection, List<Message> messages) {
        return Sample.newBuilder()
                .setSampleId(sampleId(rejection).orElseThrow())
                .setRunId(rejection.getRunId())
                .setPromptId(rejection.getPromptId())
                .setSlot(rejection.getSlot())
                .setAttempt(rejection.getAttempt())
                .setMessages(messages)
                .setTools(rejection.getTools())
                .setCategory(rejection.getCategory() == null ? List.of() : rejection.getCategory())
                .setSpecVersion(rejection.getSpecVersion())
                .setSpecExcerptSha256(rejection.getSpecExcerptSha256())
                .setSideInfo(rejection.getSideInfo())
                .setSource(rejection.getSource());
    }

    /** The sample id of an attempt; empty for a slot that ended without an attempt. */
    public static Optional<String> sampleId(Rejection rejection) {
        return Optional.ofNullable(rejection.getAttempt())
                .map(attempt -> SlotId.sampleId(rejection.getRunId(), rejection.getSlotId() + "/" + attempt));
    }

    /** The content hash of an attempt, with or without votes; empty if it has no answer. */
    public static Optional<String> contentHash(Rejection rejection) {
        List<Message> prompt = rejection.getMessages();
        return prompt == null || rejection.getAnswer() == null
                ? Optional.empty()
                : Optional.of(ContentId.ofSample(messages(rejection, prompt), rejection.getTools()));
    }

    private static List<Message> messages(Rejection rejection, List<Message> prompt) {
        List<Message> messages = new ArrayList<>(prompt);
        messages.add(Message.newBuilder()
                .setRole("assistant")
                .setContent(rejection.getAnswer())
                .setReasoningContent(rejection.getReasoning())
                .build());
        return messages;
    }
}
