package dev.precept.judging;

import dev.precept.model.ChatRequest;
import dev.precept.records.Failure;
import dev.precept.records.Reason;
import dev.precept.spec.Specification;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;

/** The first request that a handler makes for a task, recorded in place of a call. */
public final class RecordedRequest {
    private static final byte[] NONCE_KEY = new byte[32];

    private RecordedRequest() {}

    /**
     * Handles a task up to its first call, which is not made.
     *
     * @param handler creates the handler that workers use
     */
    public static <T extends SpecificRecord, R extends SpecificRecord> ChatRequest of(
            Specification specification,
            EndpointSettings settings,
            Function<HandlerContext, TaskHandler<T, R>> handler,
            T task)
            throws InterruptedException {
        return record(specification, settings, context -> handler.apply(context).handle(task, Parking.NONE));
    }

    /** As {@link #of}, of the first vote on an answer alone. */
    public static ChatRequest ofAnswer(
            Specification specification, EndpointSettings settings, List<String> categories, JudgedWork.AnswerOnly work)
            throws InterruptedException {
        return record(specification, settings, context -> {
            Excerpts.EncodedExcerpt excerpt = context.excerpts().resolve(specification.version(), categories);
            new AnswerJudge(Panel.of(context, 1)).vote(work, excerpt, 1, 1, Parking.NONE);
        });
    }

    private interface Use {
        void of(HandlerContext context) throws InterruptedException;
    }

    private static ChatRequest record(Specification specification, EndpointSettings settings, Use use)
            throws InterruptedException {
        AtomicReference<ChatRequest> recorded = new AtomicReference<>();
        ModelClient client = (request, _, _) -> {
            recorded.compareAndSet(null, request);
            return new CallResult.Failed(new Failure(Reason.CANCELLED, "not sent"));
        };
        SpendTracker unused = new SpendTracker(
                new SpendKey("preview", "preview", "preview"),
                settings.model(),
                settings.price(),
                new CallMetrics(new SimpleMeterRegistry(), "preview", settings.model()));
        HandlerContext context = new HandlerContext(
                client, settings, new Excerpts(_ -> specification), NONCE_KEY, InstantSource.system(), unused);
        use.of(context);
        ChatRequest request = recorded.get();
        if (request == null) {
            throw new IllegalStateException("the handler made no call");
        }
        return request;
    }
}
