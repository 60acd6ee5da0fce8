package dev.precept.factory;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.runtime.ExitCode;
import dev.precept.runtime.RunFile;
import dev.precept.runtime.WorkFolder;
import dev.precept.runtime.config.ConfigurationException;
import dev.precept.runtime.config.Recipe;
import dev.precept.runtime.kafka.EmbeddedBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.common.errors.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code precept status}: the books of a run, whether it is on or not. */
@Command(name = "status", mixinStandardHelpOptions = true, description = "Shows the books of a run.")
final class StatusCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Option(
            names = "--work",
            paramLabel = "DIR",
            defaultValue = "./work",
            description = "the folder of the run (default ${DEFAULT-VALUE})")
    private Path work = Path.of("work");

    @Option(names = "--json", description = "as JSON")
    private boolean json;

    @Override
    public Integer call() {
        WorkFolder folder = new WorkFolder(work);
        if (!Files.isDirectory(folder.root())) {
            throw new ConfigurationException("--work " + folder.root() + ": there is no such folder");
        }
        RunFile run = RunFile.read(folder)
                .orElseThrow(() -> new ConfigurationException(
                        "--work " + folder.root() + ": no run was begun here; begin one with 'precept run'"));
        JsonNode books = books(folder, run);
        if (json) {
            System.out.println(books.toPrettyString());
        } else {
            System.out.println(
                    "run " + run.runId() + " as of " + books.path("as_of").asText());
            System.out.print(Books.table(books));
        }
        return ExitCode.RELEASED.code();
    }

    /** A run may end while it is asked; what it left then is read. */
    private static JsonNode books(WorkFolder folder, RunFile run) {
        try {
            return look(folder, run);
        } catch (TimeoutException gone) {
            return look(folder, run);
        }
    }

    private static JsonNode look(WorkFolder folder, RunFile run) {
        if (folder.read(BooksFile.NAME).isPresent()) {
            return BooksFile.read(folder);
        }
        Recipe recipe = run.effectiveRecipe();
        Map<String, String> kafka = recipe.section("").mapping("kafka", "client settings");
        String own = kafka.get("bootstrap.servers");
        if (own != null) {
            return ask(folder, run, own, kafka);
        }
        if (folder.inUse()) {
            String live = RunFile.broker(folder)
                    .orElseThrow(() -> new ConfigurationException(
                            "--work " + folder.root() + ": the run is only starting; ask again in a moment"));
            return ask(folder, run, live, kafka);
        }
        try (WorkFolder.Lock _ = folder.lock();
                EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), 0)) {
            return ask(folder, run, broker.address(), kafka);
        }
    }

    private static JsonNode ask(WorkFolder folder, RunFile run, String address, Map<String, String> kafka) {
        Map<String, String> patient = new HashMap<>(kafka);
        patient.putIfAbsent("default.api.timeout.ms", String.valueOf(PATIENCE.toMillis()));
        patient.putIfAbsent("request.timeout.ms", String.valueOf(PATIENCE.toMillis()));
        try (BookReader reader = new BookReader(run.access(folder, address, patient), run.runId())) {
            return reader.now().json();
        }
    }
}
