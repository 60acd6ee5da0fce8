package dev.precept.dataset.semantic;

import dev.precept.config.Recipe;
import dev.precept.config.Section;
import dev.precept.dataset.Manifest;
import java.util.Locale;
import java.util.Optional;

/**
 * The section {@code release.semantic} of a recipe: prompts that are alike in meaning.
 *
 * @param url base URL of an API for embeddings; empty for the embedded model
 * @param model name of the model at the endpoint; empty for the embedded model
 * @param price US dollars for a million tokens
 */
public record SemanticSettings(
        double threshold,
        Policy policy,
        Optional<String> url,
        Optional<String> model,
        int batch,
        int concurrency,
        int mostChars,
        Optional<Double> price) {
    /** Name of the embedded model. */
    public static final String EMBEDDED = "all-MiniLM-L6-v2-q";

    private static final String CACHED = "cached";
    private static final int MOST_BATCH = 2048;
    private static final int MOST_CONCURRENCY = 256;
    private static final int MOST_CHARS = 8000;

    /** Semantic duplicates are listed, or the later one is left out. */
    public enum Policy {
        REPORT,
        REJECT
    }

    /** Reads the section; adds its problems to the recipe. Empty without a threshold. */
    public static Optional<SemanticSettings> read(Recipe recipe) {
        Section section = recipe.section("release.semantic");
        Optional<Double> threshold = section.number(
                "threshold",
                0.5,
                0.999,
                "least cosine of the vectors of two prompts that are alike in meaning, such as 0.9; without it none are"
                        + " searched");
        Optional<Policy> policy = section.oneOf(
                "policy",
                Policy.class,
                "report",
                "prompts that are alike in meaning to an earlier one: list them, or leave out their samples");
        Optional<String> url = section.text(
                "url",
                "base URL of an API for embeddings, ending in /v1; without it a model that is part of Precept computes"
                        + " them on this machine; its key is PRECEPT_EMBEDDING_API_KEY, or in PRECEPT_EMBEDDING_API_KEY_FILE;"
                        + " cached: no request is made, all vectors must be known from an earlier release");
        Optional<String> model = section.text("model", "the server's name of the embedding model; needed with url");
        int batch = section.integer("batch", 64, 1, MOST_BATCH, "texts of one request to the endpoint, at most");
        int concurrency = section.integer("concurrency", 8, 1, MOST_CONCURRENCY, "limit of requests in flight");
        int chars = section.integer(
                "max_chars", MOST_CHARS, 100, 1_000_000, "characters of a prompt that are compared, from its start");
        Optional<Double> price = section.number(
                "price", 0, 1_000_000, "US dollars for a million tokens, for the estimate before the first request");
        if (threshold.isEmpty() && (policy.isPresent() || url.isPresent() || model.isPresent())) {
            section.addProblem("threshold", "missing; give the least cosine of duplicates, such as 0.9");
        }
        if (url.isPresent() != model.isPresent()) {
            section.addProblem(
                    url.isPresent() ? "model" : "url",
                    "missing; give both url and model, or neither for the embedded model");
        }
        return threshold.map(least -> new SemanticSettings(
                least, policy.orElse(Policy.REPORT), url, model, batch, concurrency, chars, price));
    }

    /** Overrides the section of a recipe with the settings of a version. The endpoint is not among them: a recipe says where it is. */
    public static void inherit(Recipe recipe, Manifest.Semantic made) {
        recipe.override("release.semantic.threshold", String.valueOf(made.threshold()));
        recipe.override("release.semantic.policy", made.policy());
        recipe.override("release.semantic.max_chars", String.valueOf(made.mostChars()));
        if (!made.model().equals(EMBEDDED)) {
            recipe.overrideText("release.semantic.model", made.model());
            if (recipe.section("release.semantic").text("url", "").isEmpty()) {
                recipe.overrideText("release.semantic.url", CACHED);
            }
        }
    }

    /** Whether the vectors of the dataset are all there is. */
    public boolean isCachedOnly() {
        return url.filter(CACHED::equals).isPresent();
    }

    /** Whether a server is called. */
    public boolean callsEndpoint() {
        return url.isPresent() && !isCachedOnly();
    }

    /** The part that decides which rows a version has. */
    public Manifest.Semantic recipe() {
        return new Manifest.Semantic(
                threshold, policy.name().toLowerCase(Locale.ROOT), model.orElse(EMBEDDED), mostChars);
    }
}
