package dev.precept.model.pressure;

import dev.precept.model.CallFailed;
import dev.precept.model.ChatModel;
import dev.precept.model.Reply;
import dev.precept.model.TokenUsage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One endpoint of a pool and what is known of it. Guarded by the pool's lock. */
final class Gate {
    private final ChatModel model;
    private final String name;
    private final int weight;
    private final ConcurrencyLimit limit;
    private final Breaker breaker = new Breaker();
    private final @Nullable RateLimit requests;
    private final @Nullable RateLimit tokens;
    private int inFlight;
    private String trouble = "";

    /** What a call takes with it through the gate. */
    record Pass(Gate gate, int wave, boolean probe) {}

    Gate(EndpointPool.Place place, int most, long now) {
        this.model = place.model();
        this.name = place.name();
        this.weight = place.weight();
        this.limit = new ConcurrencyLimit(most);
        Long requestRate = place.rates().requests();
        Long tokenRate = place.rates().tokens();
        this.requests = requestRate == null ? null : new RateLimit(requestRate, now);
        this.tokens = tokenRate == null ? null : new RateLimit(tokenRate, now);
    }

    String name() {
        return name;
    }

    ChatModel model() {
        return model;
    }

    /** How long until a call may begin: 0 for now, {@link Long#MAX_VALUE} if only another call's end can tell. */
    long barredNanos(long now) {
        if (!breaker.isOpen() && inFlight >= limit.now()) {
            return Long.MAX_VALUE;
        }
        long barred = breaker.barredNanos(now);
        if (requests != null) {
            barred = Math.max(barred, requests.barredNanos(now, 1));
        }
        return tokens == null ? barred : Math.max(barred, tokens.barredNanos(now, 0));
    }

    /** Calls in flight for each unit of weight: where it is least, the next call goes. */
    double load() {
        return (inFlight + 1.0) / weight;
    }

    Pass enter(long now) {
        inFlight++;
        breaker.begun();
        if (requests != null) {
            requests.take(1, now);
        }
        return new Pass(this, limit.wave(), breaker.isOpen());
    }

    void answered(Reply reply, long now) {
        inFlight--;
        if (breaker.answered()) {
            limit.outageEnded();
        } else {
            limit.answered();
        }
        trouble = "";
        if (tokens != null) {
            TokenUsage usage = reply.usage();
            tokens.take(usage.prompt() + usage.completion(), now);
        }
    }

    void failed(Pass pass, CallFailed failed, long now) {
        if (failed instanceof CallFailed.Withheld) {
            dropped(pass);
            return;
        }
        inFlight--;
        trouble = String.valueOf(failed.getMessage());
        if (failed instanceof CallFailed.RateLimited) {
            limit.refused(pass.wave());
            if (limit.now() > 1) {
                breaker.dropped(pass.probe()); // full is not down, until it is full for a single call
                return;
            }
        }
        breaker.failed(
                pass.probe(), now, failed.retryAfter().orElse(Duration.ZERO).toNanos());
    }

    void dropped(Pass pass) {
        inFlight--;
        breaker.dropped(pass.probe());
    }

    EndpointPool.Pressure pressure() {
        return new EndpointPool.Pressure(name, inFlight, limit.now(), !breaker.isOpen(), trouble);
    }
}
