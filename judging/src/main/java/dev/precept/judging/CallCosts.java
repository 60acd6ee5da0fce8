package dev.precept.judging;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.model.ChatMessage;
import dev.precept.model.ChatRequest;
import dev.precept.model.ModelCallException;
import dev.precept.model.PreEncodedText;
import dev.precept.model.Reply;
import dev.precept.model.TokenUsage;
import dev.precept.model.pricing.Price;
import dev.precept.schemas.Amount;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cost of calls to one model: the highest price of a call before it is made, and what it used afterwards. Where the
 * server reports no usage, tokens are estimated from bytes, with the highest ratio that it reported for other requests; a
 * call that did not complete is estimated from its duration, with the mean speed of completed calls. Thread-safe.
 */
final class CallCosts {
    private static final Logger log = LoggerFactory.getLogger(CallCosts.class);
    /** English text has about four bytes a token, code and most other scripts three. */
    private static final double FIRST_TOKENS_PER_BYTE = 1 / 3.0;
    /** Calls until the ratio of the server replaces the first one where it is lower. */
    private static final int LEARNED = 16;

    private static final double MARGIN = 1.05;
    /** For the chat template, per message. */
    private static final int TOKENS_PER_MESSAGE = 16;
    /** A connection that is refused or reset at once has computed nothing. */
    private static final Duration SHORTEST_CUT_CALL = Duration.ofSeconds(1);

    private final Price price;
    private volatile Ratio ratio = new Ratio(0, 0);
    private volatile Speed speed = new Speed(0, 0);
    private final AtomicLong estimated = new AtomicLong();

    private record Ratio(double highest, int calls) {
        double tokensPerByte() {
            return calls < LEARNED ? Math.max(FIRST_TOKENS_PER_BYTE, highest * MARGIN) : highest * MARGIN;
        }

        Ratio with(double observed) {
            return new Ratio(Math.max(highest, observed), Math.min(LEARNED, calls + 1));
        }
    }

    private record Speed(long tokens, long nanos) {
        Speed with(long moreTokens, long moreNanos) {
            return new Speed(tokens + moreTokens, nanos + moreNanos);
        }
    }

    CallCosts(Price price) {
        this.price = price;
    }

    /** The tokens that a call uses at most: its prompt by the number of bytes, and the whole limit of its completion. */
    TokenUsage highest(ChatRequest request) {
        return new TokenUsage(promptTokens(request), request.sampling().maxTokens(), 0);
    }

    Amount amount(TokenUsage usage) {
        return new Amount(price.cost(usage), usage.total());
    }

    /** The most that these tokens cost: which of them are cached or reasoning is not known before the call. */
    Amount highestAmount(TokenUsage usage) {
        return new Amount(price.highestCost(usage.prompt(), usage.completion()), usage.total());
    }

    /** What an answered call used. */
    TokenUsage used(ChatRequest request, Reply reply, Duration elapsed) {
        TokenUsage usage = reply.usage();
        return switch (reply) {
            case Reply.RequestRefused _, Reply.ContextTooLong _ -> usage;
            case Reply.Answered _, Reply.Malformed _ -> {
                if (usage.isKnown()) {
                    learn(request, usage, elapsed);
                    yield usage;
                }
                if (estimated.getAndIncrement() == 0) {
                    log.atWarn()
                            .addKeyValue("model", request.model())
                            .log("the server reports no usage; tokens are estimated from bytes, and a budget holds"
                                    + " only as well as the estimate");
                }
                yield estimate(request, reply);
            }
        };
    }

    /**
     * What a failed call used: nothing if the endpoint refused it, else its prompt and a completion for its duration.
     *
     * @param failed null if the call was interrupted
     */
    TokenUsage used(ChatRequest request, @Nullable ModelCallException failed, Duration elapsed) {
        boolean computed = switch (failed) {
            case null -> true;
            case ModelCallException.TimedOut _, ModelCallException.Unreadable _ -> true;
            case ModelCallException.Unavailable _ -> isCut(failed, elapsed);
            case ModelCallException.RateLimited _,
                    ModelCallException.Misconfigured _,
                    ModelCallException.NotPermitted _ -> false;
        };
        if (!computed) {
            return TokenUsage.NONE;
        }
        estimated.incrementAndGet();
        Speed seen = speed;
        int limit = request.sampling().maxTokens();
        double tokens = seen.nanos() == 0 ? limit : (double) seen.tokens() / seen.nanos() * elapsed.toNanos();
        return new TokenUsage(promptTokens(request), (long) Math.min(limit, Math.ceil(tokens)), 0);
    }

    /** The number of calls whose tokens were estimated. */
    long estimated() {
        return estimated.get();
    }

    private static boolean isCut(ModelCallException failed, Duration elapsed) {
        return failed.getCause() instanceof IOException lost
                && !(lost instanceof ConnectException)
                && !(lost instanceof HttpConnectTimeoutException)
                && elapsed.compareTo(SHORTEST_CUT_CALL) >= 0;
    }

    private synchronized void learn(ChatRequest request, TokenUsage usage, Duration elapsed) {
        long tokens =
                usage.prompt() - (long) TOKENS_PER_MESSAGE * request.messages().size();
        // A token has at least one byte; a server that reports more is not believed.
        double observed = Math.clamp(tokens / (double) Math.max(1, bytes(request)), 0, 1);
        Ratio known = ratio;
        if (known.calls() < LEARNED || observed > known.highest()) {
            ratio = known.with(observed);
        }
        speed = speed.with(usage.completion(), elapsed.toNanos());
    }

    private TokenUsage estimate(ChatRequest request, Reply reply) {
        long completion = reply instanceof Reply.Answered answered
                ? bytes(answered.reasoning()) + bytes(answered.content()) + bytes(answered.toolCallsJson())
                : Long.MAX_VALUE;
        int limit = request.sampling().maxTokens();
        long tokens = (long) Math.min(limit, Math.ceil(completion * ratio.tokensPerByte()));
        TokenUsage reported = reply.usage(); // of one count the server may have reported
        return new TokenUsage(
                Math.max(reported.prompt(), promptTokens(request)),
                reported.cached(),
                Math.max(reported.completion(), tokens),
                reported.reasoning(),
                true);
    }

    private long promptTokens(ChatRequest request) {
        return (long) Math.ceil(bytes(request) * ratio.tokensPerByte())
                + (long) TOKENS_PER_MESSAGE * request.messages().size();
    }

    private static long bytes(ChatRequest request) {
        long bytes = bytes(request.tools());
        if (request.schema() != null) {
            bytes += bytes(request.schema().schema());
        }
        for (ChatMessage message : request.messages()) {
            if (message.content() != null) {
                for (CharSequence piece : message.content().pieces()) {
                    bytes += piece instanceof PreEncodedText shared ? shared.json().length : bytes(piece.toString());
                }
            }
            bytes += bytes(message.reasoningContent()) + bytes(message.toolCalls());
        }
        return bytes;
    }

    private static long bytes(@Nullable JsonNode json) {
        return json == null ? 0 : bytes(json.toString());
    }

    /** The length in UTF-8. */
    private static long bytes(@Nullable String text) {
        return text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
    }
}
