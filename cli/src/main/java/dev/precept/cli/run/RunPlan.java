package dev.precept.cli.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.config.ConfigurationException;
import dev.precept.config.Recipe;
import dev.precept.content.CanonicalJson;
import dev.precept.dataset.CacheSecret;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.parquet.NativeLibraries;
import dev.precept.dataset.release.Release;
import dev.precept.judging.canary.Canaries;
import dev.precept.model.Secret;
import dev.precept.prompts.CategoryLimits;
import dev.precept.prompts.CheckedInput;
import dev.precept.prompts.PromptSource;
import dev.precept.prompts.SourceFiles;
import dev.precept.runtime.DeploymentSettings;
import dev.precept.runtime.RunFile;
import dev.precept.runtime.WorkFolder;
import dev.precept.spec.SpecException;
import dev.precept.spec.SpecFolder;
import dev.precept.spec.Specification;
import dev.precept.store.location.StoreLocation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A run that is ready to start or resume: recipe, sources, specification, dataset and work folder are checked, and match
 * the run of the work folder if it holds one.
 *
 * @param cacheLocation the dataset beside which responses are cached
 */
public record RunPlan(
        RunRecipe recipe,
        CheckedInput input,
        Specification specification,
        Dataset dataset,
        WorkFolder work,
        RunFile run,
        StoreLocation cacheLocation) {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String SECRET = "secret";
    private static final int SECRET_BYTES = 32;
    /** Exists while the run was taken over from a work folder that is gone, and its Kafka is not rebuilt yet. */
    private static final String ADOPTED = "adopted";

    private static final ObjectMapper JSON = new ObjectMapper();

    private enum Mode {
        RELEASE,
        WORK,
        RECOVER
    }

    /**
     * Checks everything, then writes {@code run.json} if the run is new. The work folder must be locked.
     *
     * @throws ConfigurationException with all problems
     */
    public static RunPlan make(Recipe recipe, WorkFolder work) {
        return make(recipe, work, Optional.empty());
    }

    /** As {@link #make(Recipe, WorkFolder)}, for a process that does not release. */
    public static RunPlan makeWithoutRelease(Recipe recipe, WorkFolder work) {
        return make(recipe, work, Optional.empty(), Mode.WORK);
    }

    /** As {@link #make(Recipe, WorkFolder)}, of a run that exists: the work folder or the dataset knows it. */
    public static RunPlan makeExisting(Recipe recipe, WorkFolder work) {
        return make(recipe, work, Optional.empty(), Mode.RECOVER);
    }

    /** @param cacheLocation the dataset whose response cache to use, if not the recipe's own */
    public static RunPlan make(Recipe recipe, WorkFolder work, Optional<StoreLocation> cacheLocation) {
        return make(recipe, work, cacheLocation, Mode.RELEASE);
    }

    private static RunPlan make(Recipe recipe, WorkFolder work, Optional<StoreLocation> cacheLocation, Mode mode) {
        NativeLibraries.requireLoadable();
        RunRecipe read = RunRecipe.read(recipe, System.getenv());
        if (mode == Mode.RELEASE) {
            read.workers().requireServers(recipe);
        }
        Specification specification = specification(read.spec());
        Canaries.load(read.workers().canaries()).requireKnownCategories(specification);
        CategoryLimits.requireKnown(read.prompts().quotas(), specification);
        CheckedInput input = SourceFiles.check(
                read.prompts(), work, specification, read.workers().runParameters());
        Map<String, String> identity = Identity.of(read, input, specification);
        Optional<RunFile> existing = RunFile.read(work);
        existing.ifPresent(run -> Identity.requireSame(run.identity(), identity, "--work " + work.root()));
        DeploymentSettings deploymentSettings = read.deploymentSettings();
        Dataset dataset = Dataset.open(read.dataset(), deploymentSettings.partitions(), deploymentSettings.prefix());
        Optional<OpenRun> adopted = existing.isPresent()
                ? Optional.empty()
                : OpenRun.find(dataset, deploymentSettings.run(), identity, work);
        if (mode == Mode.RECOVER && existing.isEmpty() && adopted.isEmpty()) {
            throw new ConfigurationException("dataset " + dataset.location()
                    + ": no run with this recipe is open; nothing" + " to recover, start one with 'precept run'");
        }
        StoreLocation cache = cacheLocation.orElse(read.dataset());
        Dataset cacheDataset = cacheLocation.isEmpty() ? dataset : Dataset.open(cache, deploymentSettings.partitions());
        RunFile run = existing.orElseGet(() -> {
            if (mode == Mode.RELEASE && adopted.isEmpty()) {
                Release.requireNameFree(dataset, read.release());
            }
            return createRun(recipe, read, cacheDataset, identity, work, dataset, adopted);
        });
        deploymentSettings.run().filter(name -> !name.equals(run.runId())).ifPresent(name -> {
            throw new ConfigurationException("--work " + work.root() + ": holds run " + run.runId()
                    + ", the recipe names " + name + "; give another --work");
        });
        if (!run.topicPrefix().equals(dataset.topicPrefix())) {
            throw new ConfigurationException("--work " + work.root() + ": its run writes to another dataset than "
                    + dataset.location() + "; give the dataset of the run, or another --work");
        }
        return new RunPlan(read, input, specification, dataset, work, run, cache);
    }

    /** Reads the specification of a folder. */
    public static Specification specification(Path folder) {
        try {
            return SpecFolder.load(folder);
        } catch (SpecException e) {
            throw new ConfigurationException(e.problems());
        }
    }

    private static RunFile createRun(
            Recipe recipe,
            RunRecipe read,
            Dataset cacheDataset,
            Map<String, String> identity,
            WorkFolder work,
            Dataset dataset,
            Optional<OpenRun> adopted) {
        // The absolute path of a folder: commands are given in other folders too.
        recipe.overrideText(
                "dataset",
                read.dataset() instanceof StoreLocation.Folder
                        ? dataset.location()
                        : read.dataset().name());
        prepareSecret(work, cacheDataset, read.workers().cache());
        RunFile run = new RunFile(
                adopted.map(OpenRun::runId).or(read.deploymentSettings()::run).orElseGet(RunPlan::newRunId),
                dataset.topicPrefix(),
                dataset.partitions(),
                identity,
                recipe.effectiveJson(),
                recipe.folder());
        if (adopted.filter(OpenRun::folderIsGone).isPresent()) {
            work.write(ADOPTED, run.runId() + "\n"); // before run.json, so that a crash does not lose it
        }
        run.write(work);
        return run;
    }

    /** With a response cache, the secret is the dataset's: runs with equal prompts then share cached responses. */
    private static void prepareSecret(WorkFolder work, Dataset dataset, boolean cache) {
        if (work.read(SECRET).isEmpty()) {
            String generated = newSecret();
            work.writeSecret(SECRET, cache ? CacheSecret.getOrCreate(dataset, generated) : generated);
        }
    }

    /** Readable, sortable and unique. */
    private static String newRunId() {
        byte[] random = new byte[3];
        RANDOM.nextBytes(random);
        String day = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT)
                .withZone(ZoneOffset.UTC)
                .format(Instant.now());
        return day + "-" + HexFormat.of().formatHex(random);
    }

    /**
     * Whether the run was taken over from a work folder that is gone, together with the embedded broker in it: its ledger must
     * be rebuilt from the dataset before it goes on.
     */
    public boolean mustRebuild() {
        return work.read(ADOPTED).isPresent()
                && !recipe.deploymentSettings().kafka().containsKey("bootstrap.servers");
    }

    /** The ledger is rebuilt. */
    public void rebuilt() {
        work.delete(ADOPTED);
    }

    /** Machine and path of the work folder, as the dataset records it. */
    public String place() {
        return RunLocation.place(work);
    }

    String identityJson() {
        return CanonicalJson.of(JSON.valueToTree(run.identity()));
    }

    /** A new random secret. */
    static String newSecret() {
        byte[] secret = new byte[SECRET_BYTES];
        RANDOM.nextBytes(secret);
        return HexFormat.of().formatHex(secret) + "\n";
    }

    Secret nonceSecret() {
        return parseSecret(
                work.resolve(SECRET).toString(),
                work.read(SECRET)
                        .orElseThrow(() -> new ConfigurationException(
                                work.resolve(SECRET) + ": is missing; start a new run with another --work")));
    }

    /** @param from where it was read, for messages */
    static Secret parseSecret(String from, String text) {
        if (!text.strip().matches("([0-9a-f]{2}){" + SECRET_BYTES + "}")) {
            throw new ConfigurationException(
                    from + ": is not a valid secret; delete it before the run starts, or" + " restore the right one");
        }
        return new Secret(text.strip());
    }

    /** The compiled specification, as the dataset and the workers keep it. */
    String bundle() {
        return new String(specification.compile(), StandardCharsets.UTF_8);
    }

    public List<PromptSource> sources() {
        return input.sources();
    }

    public long expectedRows() {
        return sources().stream().mapToLong(PromptSource::selectedRows).sum();
    }
}
