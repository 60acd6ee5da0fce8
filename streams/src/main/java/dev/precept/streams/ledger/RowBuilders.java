package dev.precept.streams.ledger;

import dev.precept.records.AttemptFailure;
import dev.precept.records.Completion;
import dev.precept.records.Dedup;
import dev.precept.records.LedgerRow;
import dev.precept.records.Message;
import dev.precept.records.Origin;
import dev.precept.records.Outcome;
import dev.precept.records.Prompt;
import dev.precept.records.Rejection;
import dev.precept.records.ResponseStyle;
import dev.precept.records.Seq;
import dev.precept.records.SlotRef;
import dev.precept.records.Source;
import dev.precept.records.Vote;
import dev.precept.schemas.SlotId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pieces of the neutral row. */
public final class RowBuilders {
    private RowBuilders() {}

    /** The training messages: the prompt's own conversation and one assistant turn, nothing of the request. */
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

    /** The style all votes name; null where they differ or say nothing. */
    static @Nullable ResponseStyle commonStyle(List<Vote> votes) {
        List<ResponseStyle> styles =
                votes.stream().map(Vote::getResponseStyle).distinct().toList();
        return styles.size() == 1 ? styles.getFirst() : null;
    }

    static Source source(Prompt prompt) {
        return source(prompt.getOrigin(), prompt.getSource(), prompt.getLicense());
    }

    public static Source source(Origin origin, @Nullable String name, @Nullable String license) {
        return Source.newBuilder()
                .setUri(origin.getFile())
                .setId(origin.getId())
                .setLine(origin.getLine())
                .setName(name)
                .setLicense(license)
                .build();
    }

    /** The row of a slot that ran out of attempts. */
    public static Rejection terminalRejection(SlotRef ref, Prompt prompt, LedgerRow row, AttemptFailure furthest) {
        return attemptRejection(ref, prompt, row, furthest)
                .setTerminal(true)
                .setAttempt(furthest.getAttempt())
                .build();
    }

    /** What fell at a slot, and why. */
    static Rejection.Builder attemptRejection(
            SlotRef ref, Prompt prompt, LedgerRow row, AttemptFailure attemptFailure) {
        return rejection(ref.getRunId(), prompt, ref.getSlot(), SlotId.of(ref), row.getSeq())
                .setOutcome(Outcome.REJECTED)
                .setReason(attemptFailure.getReason())
                .setStage(attemptFailure.getStage())
                .setDetail(attemptFailure.getDetail());
    }

    /** What every rejection of a readable prompt says. */
    public static Rejection.Builder rejection(String runId, Prompt prompt, int slot, String slotId, Seq seq) {
        return Rejection.newBuilder()
                .setRunId(runId)
                .setPromptId(prompt.getPromptId())
                .setSlot(slot)
                .setSlotId(slotId)
                .setMessages(prompt.getMessages())
                .setTools(prompt.getTools())
                .setCategory(prompt.getCategories())
                .setSideInfo(prompt.getSideInfo())
                .setSpecVersion(prompt.getSpecVersion())
                .setSpecExcerptSha256(prompt.getSpecExcerptSha256())
                .setDedup(new Dedup(prompt.getPromptId(), List.of(), seq))
                .setSource(source(prompt));
    }
}
