package dev.precept.prompts;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.records.RunParameters;
import dev.precept.runtime.Attached;
import dev.precept.runtime.RunFile;
import dev.precept.runtime.config.ConfigurationException;
import dev.precept.schemas.CanonicalJson;
import dev.precept.spec.SpecException;
import dev.precept.spec.SpecFolder;
import dev.precept.spec.Specification;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The publisher of prompts as a process of its own: {@code --work DIR} names the run to join. */
public final class Main {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Main() {}

    public static void main(String[] args) {
        Attached.main(args, Main::wire);
    }

    static PromptsApp wire(Attached attached) {
        RunFile run = attached.run();
        PromptSettings settings = PromptSettings.read(attached.recipe());
        Path folder = attached.recipe()
                .section("")
                .path("spec", "The folder of the specification.")
                .orElseThrow(() -> new ConfigurationException("spec: the run names no specification"));
        attached.recipe().throwProblems();
        Specification specification = loaded(folder);
        List<PromptSource> sources = SourceFiles.check(settings, attached.work());
        requireIdentity(run, SourceFiles.identity(sources, settings));
        requireIdentity(run, Map.of("spec", specification.version()));
        return new PromptsApp(
                attached.kafka(),
                attached.work(),
                run.runId(),
                CanonicalJson.of(JSON.valueToTree(run.identity())),
                sources,
                settings,
                specification,
                runParameters(run));
    }

    private static Specification loaded(Path folder) {
        try {
            return SpecFolder.load(folder);
        } catch (SpecException e) {
            throw new ConfigurationException(e.problems());
        }
    }

    /** What is here now must be what the run began with. */
    private static void requireIdentity(RunFile run, Map<String, String> now) {
        List<String> problems = new ArrayList<>();
        now.forEach((key, value) -> {
            if (!value.equals(run.identity().get(key))) {
                problems.add(key + ": changed since the run began; put it back as it was, or begin a new run in another"
                        + " work folder");
            }
        });
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }

    private static RunParameters runParameters(RunFile run) {
        try {
            return new RunParameters(
                    Integer.parseInt(noted(run, "generator.samples")),
                    Integer.parseInt(noted(run, "generator.attempts")),
                    Integer.parseInt(noted(run, "judge.votes")),
                    Double.parseDouble(noted(run, "judge.threshold")),
                    Boolean.parseBoolean(noted(run, "judge.stop_early")),
                    Integer.parseInt(noted(run, "generator.max_tokens")));
        } catch (NumberFormatException e) {
            throw new ConfigurationException("run.json: what the run asks for is not a number (" + e.getMessage()
                    + "); begin a new run in another work folder");
        }
    }

    private static String noted(RunFile run, String key) {
        String value = run.identity().get(key);
        if (value == null) {
            throw new ConfigurationException("run.json: the identity of the run has no " + key
                    + ", so another version wrote it; begin a new run in another work folder");
        }
        return value;
    }
}
