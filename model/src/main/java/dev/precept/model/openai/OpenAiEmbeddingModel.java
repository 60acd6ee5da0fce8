package dev.precept.model.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.model.Backoff;
import dev.precept.model.EmbeddingModel;
import dev.precept.model.ModelCallException;
import dev.precept.model.ModelCallException.Misconfigured;
import dev.precept.model.ModelCallException.NotPermitted;
import dev.precept.model.ModelCallException.RateLimited;
import dev.precept.model.ModelCallException.TimedOut;
import dev.precept.model.ModelCallException.Unavailable;
import dev.precept.model.ModelCallException.Unreadable;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A model behind {@code POST {url}/embeddings}. A failed call is repeated; an answer with other vectors than were requested
 * is refused. Thread-safe.
 */
public final class OpenAiEmbeddingModel implements EmbeddingModel {
    private static final int BODY_LIMIT_BYTES = 64 << 20;
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final int MOST_CALLS = 8;
    private static final int MOST_UNREADABLE = 3;

    private final Endpoint endpoint;
    private final String model;
    private final int batch;
    private final int concurrency;
    private final Backoff backoff;
    private final Transport transport;
    private final ErrorMapper errorMapper;
    private final AtomicInteger dimensions = new AtomicInteger();

    /** @param batch texts of one request, at most */
    public OpenAiEmbeddingModel(Endpoint endpoint, String model, int batch, int concurrency) {
        this(
                endpoint,
                model,
                batch,
                concurrency,
                new Backoff(
                        Duration.ofMillis(500),
                        Duration.ofSeconds(30),
                        () -> ThreadLocalRandom.current().nextLong()));
    }

    OpenAiEmbeddingModel(Endpoint endpoint, String model, int batch, int concurrency, Backoff backoff) {
        this.endpoint = endpoint;
        this.model = model;
        this.batch = batch;
        this.concurrency = concurrency;
        this.backoff = backoff;
        this.transport = new Transport(BODY_LIMIT_BYTES);
        this.errorMapper = new ErrorMapper(endpoint, InstantSource.system());
    }

    @Override
    public String name() {
        return model;
    }

    @Override
    public int batch() {
        return batch;
    }

    @Override
    public int concurrency() {
        return concurrency;
    }

    @Override
    public List<float[]> embed(List<String> texts) throws ModelCallException, InterruptedException {
        int unreadable = 0;
        for (int failures = 1; ; failures++) {
            try {
                return call(texts);
            } catch (ModelCallException e) {
                if (!isRetriable(e) || failures == MOST_CALLS) {
                    throw e;
                }
                unreadable += e instanceof Unreadable ? 1 : 0;
                if (unreadable == MOST_UNREADABLE) {
                    // Such as NaN, which is not JSON: it comes again for the same texts.
                    throw new Misconfigured(e.detail() + ", " + unreadable + " times for the same texts: the model "
                            + model + " cannot be used to compare them");
                }
                Thread.sleep(backoff.next(failures, e.retryAfter()));
            }
        }
    }

    @Override
    public void check() throws ModelCallException, InterruptedException {
        try {
            call(List.of("text"));
        } catch (Unavailable e) {
            if (!e.isOverloaded()) {
                throw e;
            }
        } catch (RateLimited | TimedOut | Unreadable _) {
            // It answers. The calls of the release are repeated and say what is wrong.
        }
    }

    private static boolean isRetriable(ModelCallException e) {
        return switch (e) {
            case RateLimited _, Unavailable _, TimedOut _, Unreadable _ -> true;
            case Misconfigured _, NotPermitted _ -> false;
        };
    }

    private List<float[]> call(List<String> texts) throws ModelCallException, InterruptedException {
        ObjectNode body = Json.MAPPER.createObjectNode().put("model", model);
        ArrayNode input = body.putArray("input");
        texts.forEach(input::add);
        HttpRequest request = endpoint.request("/embeddings")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.toString()))
                .build();
        Response response = transport.send(request, TIMEOUT);
        JsonNode answer = errorMapper.requireNoError(response, errorMapper.parseBody(response));
        return vectors(answer.path("data"), texts.size());
    }

    private List<float[]> vectors(JsonNode data, int texts) throws Misconfigured {
        if (data.size() != texts) {
            throw refused(data.size() + " vectors for " + texts + " texts");
        }
        float[][] vectors = new float[texts][];
        for (int n = 0; n < texts; n++) {
            JsonNode item = data.get(n);
            int index = item.path("index").asInt(n);
            if (index < 0 || index >= texts || vectors[index] != null) {
                throw refused("vectors with the index " + index + " out of order or twice");
            }
            vectors[index] = vector(item.path("embedding"));
        }
        return Arrays.asList(vectors);
    }

    private float[] vector(JsonNode numbers) throws Misconfigured {
        if (!numbers.isArray() || numbers.isEmpty()) {
            throw refused("without a list of numbers");
        }
        float[] vector = new float[numbers.size()];
        boolean isZero = true;
        for (int n = 0; n < vector.length; n++) {
            vector[n] = numbers.get(n).isNumber() ? numbers.get(n).floatValue() : Float.NaN;
            if (!Float.isFinite(vector[n])) {
                throw refused("a vector with a value that is not a number");
            }
            isZero &= vector[n] == 0;
        }
        if (isZero) {
            throw refused("a vector of zeros");
        }
        if (!dimensions.compareAndSet(0, vector.length) && dimensions.get() != vector.length) {
            throw refused("a vector of " + vector.length + " numbers, after one of " + dimensions.get());
        }
        return vector;
    }

    private Misconfigured refused(String what) {
        return new Misconfigured(endpoint.url() + "/embeddings answered " + what + ": the model " + model
                + " cannot be used to compare texts");
    }

    @Override
    public void close() {
        transport.close();
    }
}
