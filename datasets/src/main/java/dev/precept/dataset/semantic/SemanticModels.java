package dev.precept.dataset.semantic;

import dev.precept.config.ConfigurationException;
import dev.precept.model.ApiKey;
import dev.precept.model.ApiKeyVariable;
import dev.precept.model.EmbeddedModel;
import dev.precept.model.EmbeddingModel;
import dev.precept.model.ModelCallException;
import dev.precept.model.openai.Endpoint;
import dev.precept.model.openai.OpenAiEmbeddingModel;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/** Opens the embedding model of some settings. */
public final class SemanticModels {
    private static final String KEY = "PRECEPT_EMBEDDING_API_KEY";

    private SemanticModels() {}

    /**
     * Opens the model. The caller closes it.
     *
     * @param threads that compute, for a model in this process
     * @throws ConfigurationException if the endpoint or its key is wrong, or there is no embedded model
     */
    public static EmbeddingModel open(SemanticSettings settings, Map<String, String> environment, int threads) {
        if (settings.isCachedOnly()) {
            return new CachedVectors(settings.model().orElse(SemanticSettings.EMBEDDED));
        }
        return settings.url().isPresent() ? endpoint(settings, settings.url().get(), environment) : embedded(threads);
    }

    /**
     * Makes one short call of the endpoint of some settings, if they have one: a long release should not fail at its end.
     *
     * @throws ConfigurationException if the endpoint is wrong or cannot be reached
     * @throws IOException if the thread is interrupted
     */
    public static void check(SemanticSettings settings, Map<String, String> environment) throws IOException {
        if (!settings.callsEndpoint()) {
            return;
        }
        try (EmbeddingModel model = open(settings, environment, 1)) {
            model.check();
        } catch (ModelCallException.Misconfigured e) {
            throw new ConfigurationException("release.semantic: " + e.detail());
        } catch (ModelCallException e) {
            throw new ConfigurationException(
                    "release.semantic.url: " + e.detail()
                            + "; start the server, or give 'url: cached' if an earlier release computed the vectors of all prompts");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private static EmbeddingModel endpoint(SemanticSettings settings, String url, Map<String, String> environment) {
        try {
            ApiKey key = ApiKeyVariable.read(environment, KEY).orElse(null);
            return new OpenAiEmbeddingModel(
                    new Endpoint(url, key), settings.model().orElse(""), settings.batch(), settings.concurrency());
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException("release.semantic.url: " + e.getMessage());
        }
    }

    private static EmbeddingModel embedded(int threads) {
        Iterator<EmbeddedModel> models = ServiceLoader.load(EmbeddedModel.class).iterator();
        Optional<EmbeddedModel> first = models.hasNext() ? Optional.of(models.next()) : Optional.empty();
        try {
            return first.orElseThrow(
                            () -> new ConfigurationException(
                                    "release.semantic: this installation has no embedded model; give url and model of an endpoint"))
                    .load(threads);
        } catch (ModelCallException e) {
            throw new ConfigurationException("release.semantic: " + e.detail());
        }
    }

    /** The vectors that the dataset has. */
    private record CachedVectors(String name) implements EmbeddingModel {
        @Override
        public int batch() {
            return 1;
        }

        @Override
        public int concurrency() {
            return 1;
        }

        @Override
        public List<float[]> embed(List<String> texts) {
            throw new ConfigurationException("release.semantic: not every prompt has a cached vector of " + name
                    + "; 'precept release' with a recipe that has release.semantic.url stores them");
        }

        @Override
        public void close() {}
    }
}
