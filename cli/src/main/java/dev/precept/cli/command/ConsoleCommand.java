package dev.precept.cli.command;

import dev.precept.cli.run.CommandAudit;
import dev.precept.cli.run.Logging;
import dev.precept.cli.run.RecipeFile;
import dev.precept.cli.run.TriedPrompts;
import dev.precept.config.ConfigurationException;
import dev.precept.console.Console;
import dev.precept.console.ConsoleSettings;
import dev.precept.console.api.ConsoleToken;
import dev.precept.console.attempt.AttemptInputs;
import dev.precept.console.attempt.AttemptRoutes;
import dev.precept.console.live.RunRoutes;
import dev.precept.dataset.Audit;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.DatasetLocation;
import dev.precept.dataset.ReleasedVersion;
import dev.precept.runs.WorkFolderRun;
import dev.precept.runtime.ExitCode;
import dev.precept.runtime.WorkFolder;
import dev.precept.runtime.http.TlsFiles;
import dev.precept.store.location.StoreLocation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code precept console}. */
@Command(
        name = "console",
        mixinStandardHelpOptions = true,
        description = {
            "Show a dataset or a run in the browser. Rows with their reasoning, citations and votes; the specification;"
                    + " the evidence of versions.",
            "It runs until Ctrl-C and answers this machine only, unless --bind names another address."
        })
final class ConsoleCommand implements Callable<Integer> {
    private static final int PORT = 8760;

    @Option(names = "--work", paramLabel = "DIR", description = "work folder of a run, with its dataset")
    private @Nullable Path work;

    @Option(
            names = "--dataset",
            paramLabel = "DATASET[@VERSION]",
            description = "a folder or s3://bucket/prefix; with a version or ref: its rows, to look at only"
                    + " (default: the run in ./work, else ./dataset)")
    private @Nullable String dataset;

    @Option(
            names = "--recipe",
            paramLabel = "FILE",
            description = "recipe with which prompts are tried (default: that of the run); they are kept in --work")
    private @Nullable Path recipe;

    @Option(
            names = "--port",
            paramLabel = "P",
            defaultValue = "" + PORT,
            description = "port to listen on, 0 for any free one (default ${DEFAULT-VALUE})")
    private int port = PORT;

    @Option(
            names = "--bind",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description =
                    "address to listen on (default ${DEFAULT-VALUE}); one that other machines reach needs a token")
    private String bind = "127.0.0.1";

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description =
                    "token that every request must bring (default: the environment's " + ConsoleToken.VARIABLE + ")")
    private @Nullable Path tokenFile;

    @Option(names = "--tls-certificate", paramLabel = "FILE", description = "PEM file; needs --tls-key")
    private @Nullable Path certificate;

    @Option(names = "--tls-key", paramLabel = "FILE", description = "PEM file, PKCS 8")
    private @Nullable Path key;

    @Option(names = "--read-only", description = "refuse whatever changes the run or the dataset")
    private boolean readOnly;

    @Override
    public Integer call() throws InterruptedException {
        Logging.toStream();
        check();
        ConsoleSettings settings = new ConsoleSettings(
                bind,
                port,
                certificate == null || key == null ? Optional.empty() : Optional.of(new TlsFiles(certificate, key)),
                ConsoleToken.read(Optional.ofNullable(tokenFile), System.getenv()),
                readOnly);
        Place place = place();
        try (Console console = Console.open(settings, place.name, place.shown, extensions(place))) {
            if (!settings.isLoopback() && settings.tls().isEmpty()) {
                System.err.println("warning: without TLS the token and the rows travel in clear text; give"
                        + " --tls-certificate and --tls-key, or put a proxy with TLS before the console");
            }
            System.out.println("the console of " + place.name + " is at " + console.url() + "/"
                    + (settings.token().isPresent() ? "?token=TOKEN (once in a browser)" : "") + "; Ctrl-C ends it");
            System.out.flush();
            awaitStop(console);
        }
        return ExitCode.RELEASED.code();
    }

    private void check() {
        if (work != null && dataset != null) {
            throw new ConfigurationException("--work, --dataset: give one of them; a work folder names its dataset");
        }
        if (recipe != null
                && (readOnly
                        || (dataset != null
                                && VersionRef.parse(dataset).version().isPresent()))) {
            throw new ConfigurationException("--recipe " + recipe + ": prompts are tried in a console that may change"
                    + " something; leave out --recipe, or --read-only and the version");
        }
        if (port < 0 || port > 65_535) {
            throw new ConfigurationException("--port " + port + ": give a number from 0 to 65535");
        }
        if ((certificate == null) != (key == null)) {
            throw new ConfigurationException("--tls-certificate, --tls-key: give both");
        }
    }

    /**
     * @param name for the reader of the page
     * @param shown empty as long as a run has made no dataset
     * @param run empty if a dataset is shown
     */
    private record Place(String name, Optional<Console.Shown> shown, Optional<WorkFolderRun> run) {}

    private List<Console.Extension> extensions(Place place) {
        List<Console.Extension> extensions = new ArrayList<>();
        place.run.ifPresent(run -> extensions.add(new Console.Extension("run", new RunRoutes(run).routes())));
        boolean changes =
                !readOnly && place.shown.flatMap(Console.Shown::version).isEmpty();
        if (changes && (recipe != null || place.run.isPresent())) {
            tried(place.run)
                    .ifPresent(
                            inputs -> extensions.add(new Console.Extension("try", new AttemptRoutes(inputs).routes())));
        }
        return extensions;
    }

    /** What prompts are tried with; empty if that of the run cannot be read any more, which is no reason not to look at it. */
    private Optional<AttemptInputs> tried(Optional<WorkFolderRun> run) {
        WorkFolder folder = new WorkFolder(work == null ? Path.of("work") : work);
        if (recipe != null) {
            return Optional.of(TriedPrompts.of(RecipeFile.read(recipe), folder, System.getenv()));
        }
        try {
            return Optional.of(TriedPrompts.of(run.orElseThrow().recipe(), folder, System.getenv()));
        } catch (ConfigurationException e) {
            System.err.println("note: no prompts can be tried with the recipe of the run: " + e.getMessage()
                    + "; --recipe FILE names another one");
            return Optional.empty();
        }
    }

    private Place place() {
        if (dataset != null) {
            return ofDataset(VersionRef.parse(dataset));
        }
        if (work != null) {
            return ofRun(work);
        }
        if (Files.exists(Path.of("work", "run.json"))) {
            return ofRun(Path.of("work"));
        }
        if (Files.isDirectory(Path.of("dataset"))) {
            return ofDataset(VersionRef.parse("./dataset"));
        }
        if (recipe != null) {
            return new Place(recipe.toString(), Optional.empty(), Optional.empty());
        }
        throw new ConfigurationException("--work, --dataset: neither is given, and there is no run in ./work and no"
                + " ./dataset; name one, as in 'precept console --dataset ./dataset'");
    }

    private static Place ofDataset(VersionRef ref) {
        StoreLocation location = DatasetLocation.of(ref.dataset());
        Dataset opened = Dataset.openReadOnly(location);
        Optional<ReleasedVersion> version = ref.version().isPresent()
                ? Optional.of(ReleasedVersion.resolve(opened, ref.requireVersion()))
                : Optional.empty();
        String name =
                ref.dataset() + version.map(released -> "@" + released.name()).orElse("");
        return new Place(name, Optional.of(shown(opened, location, version)), Optional.empty());
    }

    private static Place ofRun(Path folder) {
        WorkFolderRun run = WorkFolderRun.open(folder);
        String location = run.places().dataset();
        if (location == null) {
            throw new ConfigurationException(run.where() + " names no dataset; give --dataset");
        }
        StoreLocation of = DatasetLocation.of(location);
        Optional<Dataset> opened = Dataset.find(of);
        if (opened.isEmpty()) {
            System.err.println("note: the run has made no dataset yet; give the command again later to see its rows");
        }
        return new Place(
                "run " + run.runId() + " of " + location,
                opened.map(dataset -> shown(dataset, of, Optional.empty())),
                Optional.of(run));
    }

    private static Console.Shown shown(Dataset dataset, StoreLocation location, Optional<ReleasedVersion> version) {
        return new Console.Shown(dataset, location, version, ConsoleCommand::principal);
    }

    private static Audit.Principal principal(String actor) {
        Audit.Principal process = CommandAudit.principal(Map.of());
        return new Audit.Principal(process.user(), process.host(), actor);
    }

    /** Until a signal, which closes the server and ends the process. */
    private static void awaitStop(Console console) throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            console.close();
            Runtime.getRuntime().halt(ExitCode.RELEASED.code());
        }));
        new CountDownLatch(1).await();
    }
}
