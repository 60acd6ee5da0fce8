package dev.precept.dataset.semantic;

import dev.precept.config.ConfigurationException;
import dev.precept.model.ApiKey;
import dev.precept.model.ApiKeyVariable;
import dev.precept.model.EmbeddedModel;
import dev.precept.model.EmbeddingModel;
import dev.precept.model.ModelCallException;
import dev.precept.model.openai.Endpoint;
import dev.precept.model.openai.OpenAiEmbeddingModel;
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
