package dev.precept.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.benchmarks.duplicates.DocumentSource;
import dev.precept.benchmarks.process.ResourceUsage;
import dev.precept.testkit.PlantedQuestion;
import dev.precept.testkit.PlantedQuestion.Disguise;
import dev.precept.text.contamination.ContaminationDetector;
import dev.precept.text.contamination.EvaluationCompiler;
import dev.precept.text.contamination.EvaluationIndex;
import dev.precept.text.contamination.EvaluationItem;
import dev.precept.text.contamination.MatchMethod;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code benchmarks/run contamination}. */
@Command(
        name = "contamination",
        mixinStandardHelpOptions = true,
        description = "Finds 50 planted questions in disguise by each method, and measures the time for a document.")
final class ContaminationCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long SEED = 15;
    private static final List<Integer> LENGTHS = List.of(60, 500);
    private static final int QUESTION_WORDS = 40;

    @Option(
            names = "--questions",
            paramLabel = "N",
            description = "Questions beside the planted ones (default: ${DEFAULT-VALUE})")
    private int questions = 20_000;

    @Option(
            names = "--documents",
            paramLabel = "N",
            description = "Documents of each length (default: ${DEFAULT-VALUE})")
    private int documents = 4_000;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Measured rounds; prints medians (default: ${DEFAULT-VALUE})")
    private int rounds = 9;

    @Option(names = "--warm-up", paramLabel = "N", description = "Warm-up rounds (default: ${DEFAULT-VALUE})")
    private int warmUp = 4;

    @Override
    public Integer call() throws IOException {
        List<PlantedQuestion> planted = PlantedQuestion.all();
        ObjectNode report = JSON.createObjectNode()
                .put("benchmark", "contamination")
                .put("commit", System.getProperty("precept.commit", "unknown"))
                .put("planted", planted.size())
                .put("questions", questions)
                .put("documents", documents)
                .put("rounds", rounds);
        for (MatchMethod method : MatchMethod.values()) {
            report.set(method.label(), measure(method, planted));
        }
        System.out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(report));
        return 0;
    }

    private ObjectNode measure(MatchMethod method, List<PlantedQuestion> planted) {
        DocumentSource source = new DocumentSource(SEED);
        EvaluationCompiler compiler = new EvaluationCompiler(method);
        for (int i = 0; i < planted.size(); i++) {
            compiler.add(new EvaluationItem(
                    "planted", i, planted.get(i).question(), planted.get(i).options(), ""));
        }
        for (int i = 0; i < questions; i++) {
            compiler.add(new EvaluationItem("random", i, source.prose(QUESTION_WORDS)));
        }
        EvaluationIndex index = compiler.compile();
        ContaminationDetector detector = new ContaminationDetector(index);
        ObjectNode result = JSON.createObjectNode().put("compiled_bytes", index.toBytes().length);
        ObjectNode found = result.putObject("found");
        for (Disguise disguise : Disguise.values()) {
            found.put(disguise.name().toLowerCase(Locale.ROOT), found(detector, planted, disguise));
        }
        ObjectNode time = result.putObject("microseconds_per_document");
        long hits = 0;
        for (int words : LENGTHS) {
            List<String> texts = IntStream.range(0, documents)
                    .mapToObj(_ -> source.prose(words))
                    .toList();
            List<Figures> runs = new ArrayList<>();
            for (int round = -warmUp; round < rounds; round++) {
                long start = ResourceUsage.threadCpuNanos();
                hits = texts.stream()
                        .filter(text -> detector.find(text).isPresent())
                        .count();
                double micros = (ResourceUsage.threadCpuNanos() - start) / 1e3 / documents;
                if (round >= 0) {
                    runs.add(new Figures(Map.of("words_" + words, micros)));
                }
                System.err.println(method.label() + " " + words + " words: " + micros + " us");
            }
            time.setAll(Figures.medians(runs).json());
        }
        return result.put("false_hits", hits);
    }

    private static long found(ContaminationDetector detector, List<PlantedQuestion> planted, Disguise disguise) {
        return IntStream.range(0, planted.size())
                .filter(i -> detector.find(planted.get(i).prompt(disguise, SEED + i))
                        .filter(match -> match.set().equals("planted") && match.row() == i)
                        .isPresent())
                .count();
    }
}
