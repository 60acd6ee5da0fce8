package dev.precept.judging;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.model.ChatMessage;
import dev.precept.model.ChatRequest;
import dev.precept.model.ReplyListener;
import dev.precept.model.ResponseSchema;
import dev.precept.model.Sampling;
import dev.precept.records.Message;
import dev.precept.records.Repair;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a {@link TaskHandler} calls its model with. Thread-safe. */
public final class HandlerContext {
    private final ModelClient client;
    private final EndpointSettings settings;
    private final Excerpts excerpts;
    private final byte[] nonceKey;
    private final InstantSource clock;
    private final SpendTracker spendTracker;
    private final ReplyListener listener;

    HandlerContext(
            ModelClient client,
            EndpointSettings settings,
            Excerpts excerpts,
            byte[] nonceKey,
            InstantSource clock,
            SpendTracker spendTracker) {
        this(client, settings, excerpts, nonceKey, clock, spendTracker, ReplyListener.NONE);
    }

    private HandlerContext(
            ModelClient client,
            EndpointSettings settings,
            Excerpts excerpts,
            byte[] nonceKey,
            InstantSource clock,
            SpendTracker spendTracker,
            ReplyListener listener) {
        this.client = client;
        this.settings = settings;
        this.excerpts = excerpts;
        this.nonceKey = nonceKey.clone();
        this.clock = clock;
        this.spendTracker = spendTracker;
        this.listener = listener;
    }

    /** The same, with other sampling parameters. */
    public HandlerContext withSampling(Sampling sampling) {
        return new HandlerContext(
                client, settings.withSampling(sampling), excerpts, nonceKey, clock, spendTracker, listener);
    }

    /** The same, with one that gets the pieces of streamed answers. */
    public HandlerContext withListener(ReplyListener other) {
        return new HandlerContext(client, settings, excerpts, nonceKey, clock, spendTracker, other);
    }

    public EndpointSettings settings() {
        return settings;
    }

    public Excerpts excerpts() {
        return excerpts;
    }

    public Instant now() {
        return clock.instant();
    }

    /** The nonce in the delimiters of untrusted text. */
    public String nonce(CallKey key) {
        return key.nonce(nonceKey);
    }

    /** What a judge scores by. */
    Criteria criteria() {
        return settings.prompt().criteria();
    }

    /** Counts a valid vote. */
    void validVote(VoteForm form) {
        spendTracker.recordValidVote(form);
    }

    /** Counts and logs a reply of a judge that is no valid vote. */
    void invalidVote(VoteFault fault, String why, @Nullable String reply) {
        spendTracker.recordInvalidVote(fault, why, reply == null ? "" : reply);
    }

    /** The outcomes of canaries, which are reported with the spend. */
    public CanarySpend canaries() {
        return spendTracker.canaries();
    }

    /** The version of the template that a role asks with. */
    public String template(PromptTemplate.Role role) {
        return settings.prompt().template(role).version();
    }

    /**
     * The request to a generator for a conversation.
     *
     * @param repair null if the attempt is no repair
     */
    public List<ChatMessage> generation(
            CallKey key, List<Message> conversation, Excerpts.EncodedExcerpt excerpt, @Nullable Repair repair) {
        return settings.prompt()
                .render(
                        PromptTemplate.Role.GENERATE,
                        PromptTemplate.Input.generation(conversation, repair, excerpt.text(), nonce(key)));
    }

    /** The request to a judge. */
    List<ChatMessage> judgement(CallKey key, JudgedWork work, Excerpts.EncodedExcerpt excerpt) {
        String reasoning = switch (work) {
            case JudgedWork.WithReasoning with -> with.reasoning();
            case JudgedWork.AnswerOnly _ -> "";
        };
        return settings.prompt()
                .render(
                        PromptTemplate.Role.of(work),
                        PromptTemplate.Input.judgement(
                                work.conversation(),
                                reasoning,
                                work.answer(),
                                work.sideInfo(),
                                excerpt.text(),
                                nonce(key)));
    }

    /** Calls the model. Seed, variant and log key follow from the call key. */
    public CallResult call(
            CallKey key,
            List<ChatMessage> messages,
            @Nullable JsonNode tools,
            Sampling sampling,
            @Nullable ResponseSchema schema,
            Parking parking)
            throws InterruptedException {
        ChatRequest request = new ChatRequest(
                settings.model(),
                messages,
                tools,
                sampling,
                schema,
                key.seed(),
                settings.callTimeout(),
                key.variant(),
                key.series(),
                listener);
        return client.call(request, key.slotId(), parking);
    }
}
