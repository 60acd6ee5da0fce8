package dev.precept.evaluation.ask;

import dev.precept.judging.CallKey;
import dev.precept.judging.CallResult;
import dev.precept.judging.EndpointSettings;
import dev.precept.judging.Excerpts;
import dev.precept.judging.HandlerContext;
import dev.precept.judging.ModelAccess;
import dev.precept.judging.SpendKey;
import dev.precept.model.ChatMessage;
import dev.precept.model.Reply;
import dev.precept.records.Failure;
import dev.precept.records.Reason;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/**
 * The model under evaluation. An answer is in the log before it is returned, and a question with an answer in the log is not
 * asked. Thread-safe.
 */
public final class AskedModel implements AutoCloseable {
    /** The role in metrics and call keys. */
    public static final String ROLE = "evaluated";

    private static final String KEY = "answer ";
    /** Requests for one question while the replies cannot be read. */
    private static final int MAX_REQUESTS = 3;

    private final EndpointSettings settings;
    private final CallLog log;
    private final ModelAccess access;
    private final HandlerContext context;

    public AskedModel(EndpointSettings settings, CallLog log, MeterRegistry meters) {
        this.settings = settings;
        this.log = log;
        this.access = new ModelAccess(
                new SpendKey("evaluation", ROLE, ROLE), settings, Optional.empty(), (_, _) -> false, meters);
        Excerpts none = new Excerpts(version -> {
            throw new IllegalStateException("the model under evaluation is given no specification");
        });
        this.context = access.forTasks(none, new byte[32]);
    }

    public EndpointSettings settings() {
        return settings;
    }

    public ModelAccess access() {
        return access;
    }

    /** The answer in the log; empty if the question was not answered yet. */
    public Optional<Answer> known(String id) {
        try {
            return log.get(KEY + id).flatMap(Answer::read);
        } catch (IOException e) {
            throw new UncheckedIOException("the log of calls cannot be read", e);
        }
    }

    /**
     * Asks a question, unless it is answered.
     *
     * @param id of the question within the evaluation; the seed follows from it
     */
    public Asked ask(String id, List<ChatMessage> messages) throws InterruptedException {
        Optional<Answer> known = known(id);
        if (known.isPresent()) {
            return new Asked.Answered(known.get());
        }
        String detail = "";
        for (int request = 1; request <= MAX_REQUESTS; request++) {
            CallKey key = new CallKey(id, 1, request, ROLE, 0, 0);
            switch (context.call(
                    key,
                    messages,
                    null,
                    settings.sampling(),
                    null,
                    access.runGuard().parking())) {
                case CallResult.Failed(Failure failure) -> {
                    return new Asked.Open(why(failure.getReason()), failure.getDetail());
                }
                case CallResult.Completed(Reply reply) -> {
                    switch (reply) {
                        case Reply.Answered answered -> {
                            return keep(id, Answer.of(answered));
                        }
                        case Reply.RequestRefused refused
                        when refused.filtered() -> {
                            return keep(id, Answer.filtered(settings.model()));
                        }
                        case Reply.RequestRefused refused -> {
                            return new Asked.Open(
                                    Asked.Why.REFUSED, "status " + refused.status() + ": " + refused.detail());
                        }
                        case Reply.ContextTooLong tooLong -> {
                            return new Asked.Open(Asked.Why.REFUSED, tooLong.detail());
                        }
                        case Reply.Malformed malformed -> detail = malformed.detail();
                    }
                }
            }
        }
        return new Asked.Open(Asked.Why.FAILED, MAX_REQUESTS + " replies could not be read; the last one: " + detail);
    }

    private static Asked.Why why(Reason reason) {
        return switch (reason) {
            case OVER_BUDGET, CANCELLED -> Asked.Why.OVER_BUDGET;
            case REQUEST_REFUSED -> Asked.Why.REFUSED;
            default -> Asked.Why.FAILED;
        };
    }

    private Asked keep(String id, Answer answer) {
        try {
            log.put(KEY + id, answer.toJson());
        } catch (IOException e) {
            throw new UncheckedIOException("an answer cannot be stored", e);
        }
        return new Asked.Answered(answer);
    }

    @Override
    public void close() {
        access.close();
    }
}
