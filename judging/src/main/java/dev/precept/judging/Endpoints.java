package dev.precept.judging;

import dev.precept.model.ChatModel;
import dev.precept.model.ModelCallException;
import dev.precept.model.openai.Endpoint;
import dev.precept.model.openai.OpenAiChatModel;
import dev.precept.model.resilience.EndpointPool;
import java.util.ArrayList;
import java.util.List;

/** The endpoints of one role, as one model: each asked as hard as it can take, and only while the run permits it. */
public final class Endpoints implements AutoCloseable {
    private final List<OpenAiChatModel> clients;
    private final EndpointPool pool;

    private Endpoints(List<OpenAiChatModel> clients, EndpointPool pool) {
        this.clients = clients;
        this.pool = pool;
    }

    public static Endpoints create(EndpointSettings settings, RunGuard runGuard, CallMetrics meters) {
        List<OpenAiChatModel> clients = new ArrayList<>();
        List<EndpointPool.PooledEndpoint> places = new ArrayList<>();
        settings.weights().forEach((url, weight) -> {
            OpenAiChatModel client = new OpenAiChatModel(new Endpoint(url, settings.apiKey()));
            clients.add(client);
            places.add(new EndpointPool.PooledEndpoint(guarded(client, runGuard), url, weight, settings.rateLimits()));
        });
        if (places.isEmpty()) {
            throw new IllegalStateException("a worker needs an endpoint");
        }
        EndpointPool pool = new EndpointPool(places, settings.concurrency(), meters);
        meters.registerGauges(pool);
        return new Endpoints(clients, pool);
    }

    /** Looks once more after the wait for a place, so that what waited when a budget ran out is not called. */
    private static ChatModel guarded(ChatModel model, RunGuard runGuard) {
        return request -> {
            if (!runGuard.mayCall()) {
                throw new ModelCallException.NotPermitted("the run makes no calls now");
            }
            return model.complete(request);
        };
    }

    public EndpointPool pool() {
        return pool;
    }

    @Override
    public void close() {
        clients.forEach(OpenAiChatModel::close);
    }
}
