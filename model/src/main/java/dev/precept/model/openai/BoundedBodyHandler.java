package dev.precept.model.openai;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Receives a body up to a size limit. A longer body is dropped and its subscription cancelled, but status and headers
 * are still delivered: a rate limit with an oversized body is still a rate limit.
 */
final class BoundedBodyHandler implements BodySubscriber<Optional<byte[]>> {
    /** A stream of events repeats its frame, some 250 bytes, for each token. */
    private static final int STREAM_FACTOR = 4;

    private final long limitBytes;
    private final @Nullable StreamPieces pieces;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final CompletableFuture<Optional<byte[]>> whole = new CompletableFuture<>();
    private Flow.@Nullable Subscription subscription;

    private BoundedBodyHandler(long limitBytes, @Nullable StreamPieces pieces) {
        this.limitBytes = limitBytes;
        this.pieces = pieces;
    }

    /**
     * Empty for a body over the limit, which is higher for a stream of events; if the Content-Length exceeds it, the body is
     * dropped at its first byte.
     *
     * @param pieces get a stream of events while it arrives, unless it is compressed
     */
    static BodyHandler<Optional<byte[]>> upTo(int limitBytes, StreamPieces pieces) {
        return head -> {
            boolean stream = head.headers()
                    .firstValue("Content-Type")
                    .filter(type -> type.strip().toLowerCase(Locale.ROOT).startsWith(EventStream.MEDIA_TYPE))
                    .isPresent();
            long limit = stream ? (long) limitBytes * STREAM_FACTOR : limitBytes;
            long announced = head.headers().firstValueAsLong("Content-Length").orElse(0);
            boolean plain = head.headers().firstValue("Content-Encoding").isEmpty();
            return new BoundedBodyHandler(announced > limit ? 0 : limit, stream && plain ? pieces : null);
        };
    }

    @Override
    public CompletionStage<Optional<byte[]>> getBody() {
        return whole;
    }

    @Override
    public void onSubscribe(Flow.Subscription source) {
        subscription = source;
        source.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            if (whole.isDone()) {
                return;
            }
            if (received.size() + (long) buffer.remaining() > limitBytes) {
                received.reset();
                if (subscription != null) {
                    subscription.cancel();
                }
                whole.complete(Optional.empty());
                return;
            }
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            received.write(bytes, 0, bytes.length);
            if (pieces != null) {
                pieces.accept(bytes);
            }
        }
    }

    @Override
    public void onError(Throwable failure) {
        whole.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        whole.complete(Optional.of(received.toByteArray()));
    }
}
