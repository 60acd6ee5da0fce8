package dev.precept.judging;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.model.ChatMessage;
import dev.precept.model.ChatRequest;
import dev.precept.model.MessageContent;
import dev.precept.model.ResponseSchema;
import dev.precept.model.Sampling;
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

    HandlerContext(
            ModelClient client,
            EndpointSettings settings,
            Excerpts excerpts,
            byte[] nonceKey,
            InstantSource clock,
            SpendTracker spendTracker) {
        this.client = client;
        this.settings = settings;
        this.excerpts = excerpts;
        this.nonceKey = nonceKey.clone();
        this.clock = clock;
        this.spendTracker = spendTracker;
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

    /** Records that a judge has given a valid vote. */
    public void validVote() {
        spendTracker.recordValidVote();
    }

    /** Counts and logs a reply of a judge that is no valid vote. */
    public void invalidVote(String why, @Nullable String reply) {
        spendTracker.recordInvalidVote(why, reply == null ? "" : reply);
    }

    /** Calls the model with one user message. Seed, variant and log key follow from the call key. */
    public CallResult call(
            CallKey key,
            MessageContent message,
            @Nullable JsonNode tools,
            Sampling sampling,
            @Nullable ResponseSchema schema,
            Parking parking)
            throws InterruptedException {
        ChatRequest request = new ChatRequest(
                settings.model(),
                List.of(ChatMessage.user(message)),
                tools,
                sampling,
                schema,
                key.seed(),
                settings.callTimeout(),
                key.variant());
        return client.call(request, key.slotId(), parking);
    }
}
