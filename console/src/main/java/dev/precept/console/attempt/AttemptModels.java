package dev.precept.console.attempt;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.judging.EndpointSettings;
import dev.precept.judging.Excerpts;
import dev.precept.judging.HandlerContext;
import dev.precept.judging.LocalBudget;
import dev.precept.judging.ModelAccess;
import dev.precept.judging.Panel;
import dev.precept.judging.SpendKey;
import dev.precept.model.ReplyListener;
import dev.precept.model.Sampling;
import dev.precept.model.openai.RequestEncoding;
import dev.precept.records.Spend;
import dev.precept.runtime.SpendFile;
import dev.precept.schemas.Amount;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The generator and the judges, with the limits, breakers, retries and budget of a run. Nothing is cached: a prompt that is
 * tried again is answered again. Thread-safe.
 */
final class AttemptModels {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String RUN = "try";
    private static final int NONCE_BYTES = 32;

    private final ModelAccess generator;
    private final Panel<ModelAccess> judges;
    private final List<ModelAccess> all = new ArrayList<>();
    private final Excerpts excerpts;
    private final byte[] nonceKey = new byte[NONCE_BYTES];
    private final SpendFile stored;

    AttemptModels(AttemptInputs inputs) {
        new SecureRandom().nextBytes(nonceKey);
        MeterRegistry meters = new CompositeMeterRegistry();
        this.stored = SpendFile.open(inputs.folder());
        this.excerpts = new Excerpts(_ -> inputs.specification());
        this.generator = new ModelAccess(
                new SpendKey(RUN, "generator", "generator"),
                streamed(inputs.generator()),
                Optional.empty(),
                (_, _) -> false,
                meters);
        all.add(generator);
        this.judges = inputs.judges().map(settings -> {
            ModelAccess judge = new ModelAccess(
                    new SpendKey(RUN, "judge", "judge-" + all.size()),
                    settings,
                    Optional.empty(),
                    (_, _) -> false,
                    meters);
            all.add(judge);
            return judge;
        });
        inputs.budget().ifPresent(limit -> new LocalBudget(limit, stored.before(), all).start());
    }

    Excerpts excerpts() {
        return excerpts;
    }

    /** A person reads the answer while it is written; a server that does not stream sends it whole. */
    private static EndpointSettings streamed(EndpointSettings settings) {
        Map<String, RequestEncoding> streamed = new HashMap<>();
        settings.weights()
                .keySet()
                .forEach(url -> streamed.put(url, settings.encoding(url).streamed()));
        return settings.withAccepted(streamed);
    }

    /** @param listener gets the pieces of the answer */
    HandlerContext generator(Sampling sampling, ReplyListener listener) {
        return generator.forTasks(excerpts, nonceKey).withSampling(sampling).withListener(listener);
    }

    Panel<HandlerContext> judges() {
        return judges.map(model -> model.forTasks(excerpts, nonceKey));
    }

    /** Why a model cannot be called now, in one line. */
    Optional<String> outage() {
        return all.stream().flatMap(model -> model.outage().stream()).findFirst();
    }

    /** What was spent since the start of this process. */
    record Spent(long prompt, long cached, long completion, double usd) {
        Spent minus(Spent before) {
            return new Spent(
                    prompt - before.prompt, cached - before.cached, completion - before.completion, usd - before.usd);
        }

        ObjectNode toJson() {
            return JSON.createObjectNode()
                    .put("prompt", prompt)
                    .put("cached", cached)
                    .put("completion", completion)
                    .put("usd", usd == 0 && prompt + completion > 0 ? null : (Double) usd);
        }
    }

    /** Also stores it. */
    Spent spent() {
        Spent sum = new Spent(0, 0, 0, 0);
        for (ModelAccess model : all) {
            Spend now = model.spend(Instant.now());
            sum = new Spent(
                    sum.prompt + now.getPromptTokens(),
                    sum.cached + now.getCachedTokens(),
                    sum.completion + now.getCompletionTokens(),
                    sum.usd + now.getUsd());
        }
        stored.write(new Amount(sum.usd, sum.prompt + sum.completion));
        return sum;
    }

    /** What was spent of the budget by earlier processes and this one, in dollars; empty where calls have no price. */
    Optional<Double> spentUsd() {
        Spent now = spent();
        double usd = stored.before().usd() + now.usd;
        long tokens = stored.before().tokens() + now.prompt + now.completion;
        return usd == 0 && tokens > 0 ? Optional.empty() : Optional.of(usd);
    }
}
