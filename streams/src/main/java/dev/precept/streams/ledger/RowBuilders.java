package dev.precept.streams.ledger;

import dev.precept.content.BoundedText;
import dev.precept.records.AttemptFailure;
import dev.precept.records.Completion;
import dev.precept.records.Contamination;
import dev.precept.records.Dedup;
import dev.precept.records.InvalidReason;
import dev.precept.records.Message;
import dev.precept.records.Neighbour;
import dev.precept.records.Origin;
import dev.precept.records.Outcome;
import dev.precept.records.PersonalFinding;
import dev.precept.records.Prompt;
import dev.precept.records.Reason;
import dev.precept.records.Rejection;
import dev.precept.records.ResponseStyle;
import dev.precept.records.Seq;
import dev.precept.records.SlotRef;
import dev.precept.records.Source;
import dev.precept.records.Stage;
import dev.precept.records.UnusableLine;
import dev.precept.records.Vote;
import dev.precept.schemas.PersonalText;
import dev.precept.schemas.SlotId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Builds the rows of the dataset, and the parts that samples and rejections share. */
final class RowBuilders {
    private RowBuilders() {}

    /** The prompt's own conversation and one assistant turn; nothing else of the request. */
    static List<Message> trainingMessages(Prompt prompt, Completion completion) {
        List<Message> messages = new ArrayList<>(prompt.getMessages());
        messages.add(Message.newBuilder()
                .setRole("assistant")
                .setContent(completion.getAnswer())
                .setReasoningContent(completion.getReasoning())
                .setToolCalls(completion.getToolCalls())
                .build());
        return messages;
    }

    static double minimumScore(List<Vote> votes) {
        return votes.stream().mapToDouble(Vote::getScore).min().orElseThrow();
    }

    /** The style that all votes name; null if they differ or name none. */
    static @Nullable ResponseStyle commonStyle(List<Vote> votes) {
        List<ResponseStyle> styles =
                votes.stream().map(Vote::getResponseStyle).distinct().toList();
        return styles.size() == 1 ? styles.getFirst() : null;
    }

    static Source source(Prompt prompt) {
        return source(prompt.getOrigin(), prompt.getSource(), prompt.getLicense());
    }

    private static Source source(Origin origin, @Nullable String name, @Nullable String license) {
        return Source.newBuilder()
                .setUri(origin.getFile())
                .setId(origin.getId())
                .setLine(origin.getLine())
                .setName(name)
                .setLicense(license)
                .build();
    }

    /** The row that ends a slot for the reason of a failed attempt. */
    static Rejection terminalRejection(SlotRef ref, Prompt prompt, Seq seq, AttemptFailure furthest) {
        return attemptRejection(ref, prompt, seq, furthest)
                .setTerminal(true)
                .setAttempt(furthest.getAttempt())
                .build();
    }

    static Rejection.Builder attemptRejection(SlotRef ref, Prompt prompt, Seq seq, AttemptFailure failure) {
        return promptRejection(ref, prompt, seq, failure.getNear())
                .setSlotId(SlotId.of(ref))
                .setOutcome(Outcome.REJECTED)
                .setReason(failure.getReason())
                .setStage(failure.getStage())
                .setDetail(failure.getDetail());
    }

    static Rejection duplicateRejection(SlotRef ref, Prompt prompt, Seq seq, String owner) {
        return promptRejection(ref, prompt, seq)
                .setSlotId(SlotId.of(ref.getPromptId(), ref.getOrigin(), ref.getSlot()))
                .setOutcome(Outcome.REJECTED)
                .setReason(Reason.DUPLICATE_PROMPT)
                .setTerminal(true)
                .setStage(Stage.INTAKE)
                .setDetail(BoundedText.detail("the same conversation was already read from " + owner))
                .build();
    }

    /** @param quotas the categories and their counts */
    static Rejection overQuotaRejection(SlotRef ref, Prompt prompt, Seq seq, String quotas) {
        return promptRejection(ref, prompt, seq)
                .setSlotId(SlotId.of(ref))
                .setOutcome(Outcome.REJECTED)
                .setReason(Reason.OVER_QUOTA)
                .setTerminal(true)
                .setStage(Stage.INTAKE)
                .setDetail(BoundedText.detail(quotas))
                .build();
    }

    /** The detail names the question, and quotes the words of the prompt that match. */
    static Rejection contaminatedRejection(SlotRef ref, Prompt prompt, Seq seq, Contamination found) {
        return promptRejection(ref, prompt, seq)
                .setSlotId(SlotId.of(ref))
                .setOutcome(Outcome.REJECTED)
                .setReason(Reason.CONTAMINATED)
                .setTerminal(true)
                .setStage(Stage.INTAKE)
                .setDetail(BoundedText.detail(String.format(
                        Locale.ROOT,
                        "holds row %d of the evaluation set %s (%s, %.2f): \"%s\"",
                        found.getRow(),
                        found.getSet(),
                        found.getMethod(),
                        found.getScore(),
                        found.getWords())))
                .build();
    }

    /** Without the conversation: its text must not reach the dataset. The source names its file and line. */
    static Rejection personalRejection(SlotRef ref, Prompt prompt, Seq seq, List<PersonalFinding> found) {
        return promptRejection(ref, prompt, seq)
                .setMessages(null)
                .setTools(null)
                .setSideInfo(null)
                .setSlotId(SlotId.of(ref))
                .setOutcome(Outcome.REJECTED)
                .setReason(Reason.PERSONAL_DATA)
                .setTerminal(true)
                .setStage(Stage.INTAKE)
                .setDetail(BoundedText.detail(PersonalText.describe(found)))
                .build();
    }

    static Rejection nearDuplicateRejection(SlotRef ref, Prompt prompt, Seq seq, Neighbour neighbour) {
        return promptRejection(ref, prompt, seq, neighbour)
                .setSlotId(SlotId.of(ref))
                .setOutcome(Outcome.REJECTED)
                .setReason(Reason.NEAR_DUPLICATE_PROMPT)
                .setTerminal(true)
                .setStage(Stage.INTAKE)
                .setDetail(NearDuplicates.promptDetail(neighbour))
                .build();
    }

    private static Rejection.Builder promptRejection(SlotRef ref, Prompt prompt, Seq seq) {
        return promptRejection(ref, prompt, seq, null);
    }

    /** The fields that every rejection of a readable prompt has. */
    private static Rejection.Builder promptRejection(
            SlotRef ref, Prompt prompt, Seq seq, @Nullable Neighbour neighbour) {
        return Rejection.newBuilder()
                .setRunId(ref.getRunId())
                .setPromptId(prompt.getPromptId())
                .setSlot(ref.getSlot())
                .setMessages(prompt.getMessages())
                .setTools(prompt.getTools())
                .setCategory(prompt.getCategories())
                .setSideInfo(prompt.getSideInfo())
                .setSpecVersion(prompt.getSpecVersion())
                .setSpecExcerptSha256(prompt.getSpecExcerptSha256())
                .setDedup(Dedup.newBuilder()
                        .setContentHash(prompt.getPromptId())
                        .setBands(List.of())
                        .setSeq(seq)
                        .setNear(neighbour)
                        .build())
                .setSource(source(prompt));
    }

    static Rejection tooLargeRejection(SlotRef ref, UnusableLine line) {
        return lineRejection(ref, line)
                .setOutcome(Outcome.REJECTED)
                .setReason(Reason.TOO_LARGE)
                .build();
    }

    static Rejection invalidRejection(SlotRef ref, UnusableLine line, InvalidReason reason) {
        return lineRejection(ref, line)
                .setOutcome(Outcome.INVALID)
                .setInvalidReason(reason)
                .build();
    }

    private static Rejection.Builder lineRejection(SlotRef ref, UnusableLine line) {
        return originRejection(ref).setStage(Stage.INTAKE).setDetail(BoundedText.detail(line.getDetail()));
    }

    /** The row of a slot whose prompt made intake fail. It holds nothing of the prompt, which may be the cause. */
    static Rejection failedIntake(SlotRef ref, String cause) {
        return originRejection(ref)
                .setOutcome(Outcome.INVALID)
                .setInvalidReason(InvalidReason.PROCESSING_FAILED)
                .setStage(Stage.INTAKE)
                .setDetail(BoundedText.detail(cause))
                .build();
    }

    /** The row of a slot whose answer made a step fail. It holds nothing of the answer, which may be the cause. */
    static Rejection failedAnswer(SlotRef ref, Stage stage, String cause) {
        return originRejection(ref)
                .setSlotId(SlotId.of(ref))
                .setOutcome(Outcome.INVALID)
                .setInvalidReason(InvalidReason.PROCESSING_FAILED)
                .setAttempt(ref.getAttempt())
                .setStage(stage)
                .setDetail(BoundedText.detail(cause))
                .build();
    }

    /** The end of a slot without a field of its prompt. */
    private static Rejection.Builder originRejection(SlotRef ref) {
        return Rejection.newBuilder()
                .setRunId(ref.getRunId())
                .setPromptId(ref.getPromptId())
                .setSlot(ref.getSlot())
                .setSlotId(SlotId.of(ref.getPromptId(), ref.getOrigin(), ref.getSlot()))
                .setTerminal(true)
                .setSource(source(ref.getOrigin(), null, null));
    }
}
