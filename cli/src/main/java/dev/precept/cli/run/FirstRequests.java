package dev.precept.cli.run;

import dev.precept.config.ConfigurationException;
import dev.precept.judging.EndpointSettings;
import dev.precept.judging.RoleProbe;
import dev.precept.model.ChatRequest;
import dev.precept.prompts.PromptLookup;
import dev.precept.prompts.PromptSource;
import dev.precept.prompts.SourceFiles;
import dev.precept.records.Prompt;
import dev.precept.spec.Specification;
import dev.precept.workers.RequestPreview;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The requests of a role for the first prompts of a run, with which its model is probed. */
public final class FirstRequests {
    private static final Logger log = LoggerFactory.getLogger(FirstRequests.class);

    /** One prompt may be odd. */
    private static final int PROMPTS = 2;

    private FirstRequests() {}

    /**
     * @param sources of the run
     * @param settings of an endpoint of the role
     */
    public static List<ChatRequest> of(
            RoleProbe role,
            EndpointSettings settings,
            RunRecipe recipe,
            Specification specification,
            List<PromptSource> sources)
            throws InterruptedException {
        List<ChatRequest> requests = new ArrayList<>();
        for (Prompt prompt : prompts(recipe, specification, sources)) {
            RequestPreview preview = new RequestPreview(specification, prompt);
            requests.add(
                    switch (role) {
                        case GENERATOR -> preview.generator(settings);
                        case JUDGE -> preview.judge(settings);
                        case REWARD -> preview.reward(settings);
                    });
        }
        return requests;
    }

    /**
     * As {@link #of}, of a worker. It works without specification and prompts, so it has none where they are missing or
     * cannot be read: the role that publishes them reports that.
     */
    static List<ChatRequest> atHand(RoleProbe role, EndpointSettings settings, RunRecipe recipe)
            throws InterruptedException {
        if (!Files.exists(recipe.spec().resolve("spec.yaml"))) {
            return List.of();
        }
        try {
            return of(
                    role, settings, recipe, RunPlan.specification(recipe.spec()), SourceFiles.atHand(recipe.prompts()));
        } catch (IOException | UncheckedIOException | ConfigurationException e) {
            log.atInfo().addKeyValue("why", e.getMessage()).log("the probe has no prompt of the run");
            return List.of();
        }
    }

    private static List<Prompt> prompts(RunRecipe recipe, Specification specification, List<PromptSource> sources) {
        try {
            return PromptLookup.first(
                    sources, recipe.prompts(), specification, recipe.workers().runParameters(), _ -> true, PROMPTS);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the prompts", e);
        }
    }
}
