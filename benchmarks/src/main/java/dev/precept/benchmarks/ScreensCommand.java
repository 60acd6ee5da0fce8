package dev.precept.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.benchmarks.client.BenchmarkInput;
import dev.precept.benchmarks.process.BenchmarkWorkspace;
import dev.precept.benchmarks.process.ResourceUsage;
import dev.precept.benchmarks.server.CannedResponses;
import dev.precept.judging.Layout;
import dev.precept.judging.PromptTemplate;
import dev.precept.judging.PromptTemplates;
import dev.precept.judging.screen.CompletionScreen;
import dev.precept.judging.screen.ScreenedCompletion;
import dev.precept.records.CitationScreen;
import dev.precept.records.LeakScreen;
import dev.precept.records.PersonalScreen;
import dev.precept.records.Prompt;
import dev.precept.records.RunParameters;
import dev.precept.schemas.TrustedRecords;
import dev.precept.spec.Excerpt;
import dev.precept.spec.SpecFolder;
import dev.precept.spec.Specification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code benchmarks/run screens}. */
@Command(
        name = "screens",
        mixinStandardHelpOptions = true,
        description = "Measures the CPU time of the screens of a completion, one by one and together.")
final class ScreensCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NONCE = "0123456789abcdef";

    @Option(
            names = "--rows",
            paramLabel = "FILE",
            description =
                    "Completions as JSON lines with reasoning and answer (default: the one of the other benchmarks)")
    private @Nullable Path rows;

    @Option(names = "--spec", paramLabel = "FOLDER", description = "Specification (default: one of 30 KB)")
    private @Nullable Path spec;

    @Option(names = "--searches", paramLabel = "N", description = "Searches of a round (default: ${DEFAULT-VALUE})")
    private int searches = 4_000;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Measured rounds; prints medians (default: ${DEFAULT-VALUE})")
    private int rounds = 9;

    @Option(names = "--warm-up", paramLabel = "N", description = "Warm-up rounds (default: ${DEFAULT-VALUE})")
    private int warmUp = 4;

    /** What is switched on. */
    private record Screens(String name, boolean leak, boolean citations, boolean personal) {}

    private static final List<Screens> EACH = List.of(
            new Screens("leak", true, false, false),
            new Screens("citations", false, true, false),
            new Screens("personal", false, false, true),
            new Screens("all", true, true, true));

    @Override
    public Integer call() throws IOException {
        TrustedRecords.trust();
        List<ScreenedCompletion> completions = completions();
        ObjectNode report = JSON.createObjectNode()
                .put("benchmark", "screens")
                .put("commit", System.getProperty("precept.commit", "unknown"))
                .put("completions", completions.size())
                .put(
                        "mean_characters",
                        completions.stream()
                                .mapToInt(ScreensCommand::characters)
                                .average()
                                .orElse(0))
                .put("rounds", rounds);
        try (BenchmarkWorkspace workspace = BenchmarkWorkspace.open()) {
            report.set("microseconds_per_completion", measure(BenchmarkInput.write(workspace.folder()), completions));
        }
        System.out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(report));
        return 0;
    }

    private ObjectNode measure(BenchmarkInput input, List<ScreenedCompletion> completions) {
        Specification specification = spec == null ? input.specification() : SpecFolder.load(spec);
        CompletionScreen screen =
                new CompletionScreen(PromptTemplates.builtIn(PromptTemplate.Role.GENERATE, Layout.SPEC_FIRST));
        List<Figures> runs = new ArrayList<>();
        for (int round = -warmUp; round < rounds; round++) {
            Map<String, Double> micros = new LinkedHashMap<>();
            for (Screens screens : EACH) {
                Prompt prompt = prompt(input, screens);
                Excerpt excerpt = specification.excerpt(prompt.getCategories());
                long start = ResourceUsage.threadCpuNanos();
                for (int i = 0; i < searches; i++) {
                    screen.inspect(prompt, completions.get(i % completions.size()), specification, excerpt, NONCE);
                }
                micros.put(screens.name(), (ResourceUsage.threadCpuNanos() - start) / 1e3 / searches);
            }
            System.err.println(micros);
            if (round >= 0) {
                runs.add(new Figures(micros));
            }
        }
        return Figures.medians(runs).json();
    }

    private Prompt prompt(BenchmarkInput input, Screens screens) {
        Prompt prompt = Prompt.newBuilder(input.task(1).getPrompt()).build();
        RunParameters parameters = RunParameters.newBuilder(prompt.getRunParameters())
                .setLeakScreen(screens.leak() ? LeakScreen.REPORT : LeakScreen.OFF)
                .setCitationScreen(screens.citations() ? CitationScreen.REPORT : CitationScreen.OFF)
                .setPersonalScreen(screens.personal() ? PersonalScreen.REPORT : PersonalScreen.OFF)
                .build();
        prompt.setRunParameters(parameters);
        if (spec != null) {
            prompt.setCategories(List.of());
        }
        return prompt;
    }

    private List<ScreenedCompletion> completions() throws IOException {
        if (rows == null) {
            return List.of(new ScreenedCompletion(CannedResponses.REASONING_TEXT, CannedResponses.ANSWER_TEXT, null));
        }
        List<ScreenedCompletion> completions = new ArrayList<>();
        for (String line : Files.readAllLines(rows)) {
            JsonNode row = JSON.readTree(line);
            completions.add(new ScreenedCompletion(
                    row.path("reasoning").asText(), row.path("answer").asText(), null));
        }
        return completions;
    }

    private static int characters(ScreenedCompletion completion) {
        String reasoning = completion.reasoning();
        return (reasoning == null ? 0 : reasoning.length())
                + completion.answer().length();
    }
}
