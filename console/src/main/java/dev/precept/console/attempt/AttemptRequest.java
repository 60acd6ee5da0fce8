package dev.precept.console.attempt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.console.api.ApiException;
import dev.precept.console.api.ApiRequest;
import dev.precept.model.Sampling;
import dev.precept.records.GenerationTask;
import dev.precept.records.Message;
import dev.precept.records.Origin;
import dev.precept.records.Prompt;
import dev.precept.records.SlotRef;
import dev.precept.schemas.ContentId;
import dev.precept.spec.Excerpt;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A prompt as a person has typed it.
 *
 * @param categories as given; may be empty
 * @param shown the categories whose clauses the models are given
 * @param effort null for that of the recipe
 */
record AttemptRequest(
        String prompt,
        List<String> categories,
        List<String> shown,
        @Nullable String effort) {
    /** Takes the effort of the recipe. */
    static final String DEFAULT_EFFORT = "default";

    private static final int MAX_PROMPT = 20_000;
    private static final List<String> EFFORTS = List.of("low", "medium", "high");

    /** The efforts that can be chosen; the first one is that of the recipe. */
    static List<String> efforts(AttemptInputs inputs) {
        Set<String> efforts = new LinkedHashSet<>();
        String own = inputs.generator().sampling().effort();
        efforts.add(own == null ? DEFAULT_EFFORT : own);
        efforts.addAll(EFFORTS);
        return List.copyOf(efforts);
    }

    /** @throws ApiException if it is not one that a run would take */
    static AttemptRequest read(ObjectNode body, AttemptInputs inputs) throws ApiException {
        String prompt = ApiRequest.text(body, "prompt", MAX_PROMPT);
        List<String> categories = categories(body);
        List<String> unknown = List.copyOf(inputs.specification().unknownCategories(categories));
        if (!unknown.isEmpty()) {
            throw ApiException.badRequest("categories: the specification has no " + String.join(", ", unknown)
                    + "; it has " + String.join(", ", inputs.specification().categories()));
        }
        if (categories.isEmpty() && inputs.unlabelled().isEmpty()) {
            throw ApiException.badRequest(
                    "categories: give at least one; the recipe takes no prompt without a category");
        }
        String effort = body.path("effort").asText("");
        if (!effort.isEmpty() && !efforts(inputs).contains(effort)) {
            throw ApiException.badRequest("effort: give one of " + String.join(", ", efforts(inputs)));
        }
        return new AttemptRequest(
                prompt,
                categories,
                categories.isEmpty() ? inputs.unlabelled().orElseThrow() : categories,
                effort.isEmpty() || effort.equals(DEFAULT_EFFORT) ? null : effort);
    }

    private static List<String> categories(ObjectNode body) throws ApiException {
        JsonNode given = body.path("categories");
        if (given.isMissingNode() || given.isNull()) {
            return List.of();
        }
        Set<String> categories = new LinkedHashSet<>();
        for (JsonNode category : given.isArray() ? given : List.of(NullNode.getInstance())) {
            if (!category.isTextual()) {
                throw ApiException.badRequest("categories: give a list of texts");
            }
            categories.add(category.textValue());
        }
        return List.copyOf(categories);
    }

    /** That of the recipe with the effort of this prompt. */
    Sampling sampling(AttemptInputs inputs) {
        Sampling own = inputs.generator().sampling();
        return effort == null ? own : new Sampling(own.temperature(), own.topP(), effort, own.maxTokens(), own.extra());
    }

    /** The task of a run for it. Each has another seed. */
    GenerationTask task(AttemptInputs inputs, Excerpt excerpt) {
        List<Message> messages =
                List.of(Message.newBuilder().setRole("user").setContent(prompt).build());
        String id = ContentId.ofPrompt(messages, null);
        Origin origin = new Origin("console", "try", 0L);
        Prompt made = Prompt.newBuilder()
                .setPromptId(id)
                .setOrigin(origin)
                .setMessages(messages)
                .setCategories(categories)
                .setSpecVersion(inputs.specification().version())
                .setSpecExcerptSha256(excerpt.sha256())
                .setRunParameters(inputs.parameters())
                .build();
        int slot = ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE);
        return new GenerationTask(
                new SlotRef("try", id, origin, slot, 1, 1),
                made,
                inputs.parameters().getMaxTokens(),
                null);
    }
}
