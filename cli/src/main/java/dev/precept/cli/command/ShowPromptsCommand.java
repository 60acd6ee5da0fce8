package dev.precept.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.cli.run.RunPlan;
import dev.precept.cli.run.RunRecipe;
import dev.precept.config.ConfigurationException;
import dev.precept.judging.EndpointSettings;
import dev.precept.model.ChatRequest;
import dev.precept.prompts.PromptLookup;
import dev.precept.prompts.PromptSource;
import dev.precept.prompts.SourceFiles;
import dev.precept.records.Prompt;
import dev.precept.runtime.ExitCode;
import dev.precept.spec.Specification;
import dev.precept.workers.RequestPreview;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code precept show-prompts}. Builds the requests of the first prompt with the code of the workers; makes no call. */
@Command(
        name = "show-prompts",
        mixinStandardHelpOptions = true,
        description =
                "Print the requests to generator and judge as they are sent. Makes no call: the judge's request has"
                        + " placeholders for reasoning and answer, as has that of a repair.")
final class ShowPromptsCommand implements Callable<Integer> {
    /** Untrusted text must not control the terminal. */
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Cf}&&[^\\n\\t]]");

    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    private RecipeOptions options = new RecipeOptions();

    @Option(
            names = "--category",
            paramLabel = "CATEGORY",
            description = "take the first prompt of this category (default: the first prompt)")
    private @Nullable String category;

    @Option(names = "--json", description = "print the bodies exactly as they are sent, one a line")
    private boolean json;

    @Mixin
    private WorkOption work = new WorkOption();

    @Override
    public Integer call() throws IOException, InterruptedException {
        RunRecipe recipe = RunRecipe.read(options.read(), System.getenv());
        Specification specification = RunPlan.specification(recipe.spec());
        RequestPreview preview = new RequestPreview(specification, prompt(recipe, specification));
        EndpointSettings generator = recipe.workers().generator();
        List<EndpointSettings> judges = recipe.workers().judges().judges();
        print(System.out, "generator", generator, preview.generator(generator));
        if (recipe.workers().runParameters().getRepair()) {
            print(System.out, "generator, to repair an attempt", generator, preview.repair(generator));
        }
        for (int n = 0; n < judges.size(); n++) {
            String role = judges.size() == 1 ? "judge" : "judge " + (n + 1) + " of " + judges.size();
            print(System.out, role, judges.get(n), preview.judge(judges.get(n)));
        }
        return ExitCode.RELEASED.code();
    }

    private Prompt prompt(RunRecipe recipe, Specification specification) throws IOException {
        if (category != null
                && !specification.unknownCategories(List.of(category)).isEmpty()) {
            throw new ConfigurationException(
                    "--category " + category + ": the specification has no such category; it has "
                            + String.join(", ", specification.categories()));
        }
        List<PromptSource> sources = SourceFiles.check(
                        recipe.prompts(),
                        work.folder(),
                        specification,
                        recipe.workers().runParameters())
                .sources();
        return PromptLookup.first(
                        sources,
                        recipe.prompts(),
                        specification,
                        recipe.workers().runParameters(),
                        prompt -> category == null || prompt.getCategories().contains(category))
                .orElseThrow(() -> new ConfigurationException(
                        category == null
                                ? "prompts.files: no row is a usable prompt"
                                : "--category " + category + ": no prompt of the recipe has this category"));
    }

    private void print(PrintStream out, String role, EndpointSettings settings, ChatRequest request)
            throws IOException {
        String body = settings.request().encoding().body(request);
        if (json) {
            out.println(body);
            return;
        }
        String url = settings.weights().isEmpty()
                ? "the mock model"
                : "POST " + settings.weights().keySet().iterator().next() + "/chat/completions";
        ObjectNode fields = (ObjectNode) JSON.readTree(body);
        JsonNode messages = fields.remove("messages");
        out.println("=== " + role + ": " + url);
        out.println(fields.toPrettyString());
        String note = request.sharedBeginning()
                .map(text -> String.format(
                        Locale.ROOT,
                        " (the first %,d characters are the same for all prompts with this excerpt)",
                        text.length()))
                .orElse("");
        for (JsonNode message : messages) {
            out.println("--- message of role " + message.path("role").asText() + note);
            out.println(CONTROL.matcher(message.path("content").asText()).replaceAll("·"));
            note = ""; // of the first message
        }
        out.println();
    }
}
