package dev.precept.cli.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.config.ConfigurationException;
import dev.precept.config.Recipe;
import dev.precept.content.CanonicalJson;
import dev.precept.dataset.CacheSecret;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.release.Release;
import dev.precept.judging.canary.Canaries;
import dev.precept.model.Secret;
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
import java.util.Map;
import java.util.Optional;

/**
 * A run that may begin: recipe, sources, specification, dataset and work folder were looked at, and agree with what was
 * begun here before, if anything was.
 *
 * @param cacheLocation the dataset below which answers are remembered
 */
public record RunPlan(
        RunRecipe recipe,
        List<PromptSource> sources,
        Specification specification,
        Dataset dataset,
        WorkFolder work,
        RunFile run,
        StoreLocation cacheLocation) {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String SECRET = "secret";
    private static final int SECRET_BYTES = 32;
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Checks everything, then writes {@code run.json} if the run is new. The work folder must be locked.
     *
     * @throws ConfigurationException with what is wrong
     */
    public static RunPlan make(Recipe recipe, WorkFolder work) {
        return make(recipe, work, Optional.empty());
    }

    /** As {@link #make(Recipe, WorkFolder)}, where somebody else releases. */
    public static RunPlan makeWithoutRelease(Recipe recipe, WorkFolder work) {
        return make(recipe, work, Optional.empty(), false);
    }

    /** @param answersOf the dataset whose remembered answers are used and added to, if it is not the recipe's own */
    public static RunPlan make(Recipe recipe, WorkFolder work, Optional<StoreLocation> answersOf) {
        return make(recipe, work, answersOf, true);
    }

    private static RunPlan make(Recipe recipe, WorkFolder work, Optional<StoreLocation> answersOf, boolean releases) {
        RunRecipe read = RunRecipe.read(recipe, System.getenv());
        Specification specification = specification(read.spec());
        Canaries.load(read.workers().canaries()).requireKnownCategories(specification);
        List<PromptSource> sources = SourceFiles.check(read.prompts(), work);
        Map<String, String> identity = Identity.of(read, sources, specification);
        Optional<RunFile> begun = RunFile.read(work);
        begun.ifPresent(run -> Identity.requireSame(run.identity(), identity, "--work " + work.root()));
        DeploymentSettings deploymentSettings = read.deploymentSettings();
        Dataset dataset = Dataset.open(read.dataset(), deploymentSettings.partitions(), deploymentSettings.prefix());
        if (begun.isEmpty()) {
            deploymentSettings.run().flatMap(dataset::run).ifPresent(run -> requireSame(dataset, run, identity));
        }
        StoreLocation answers = answersOf.orElse(read.dataset());
        Dataset answering = answersOf.isEmpty() ? dataset : Dataset.open(answers, deploymentSettings.partitions());
        RunFile run = begun.orElseGet(() -> {
            if (releases) {
                Release.requireNameFree(dataset, read.release().name());
            }
            return createRun(recipe, read, answering, identity, work, dataset);
        });
        deploymentSettings.run().filter(name -> !name.equals(run.runId())).ifPresent(name -> {
            throw new ConfigurationException("--work " + work.root() + ": holds run " + run.runId()
                    + ", the recipe names " + name + "; give another --work");
        });
        if (!run.topicPrefix().equals(dataset.topicPrefix())) {
            throw new ConfigurationException("--work " + work.root() + ": its run writes to another dataset than "
                    + dataset.location() + "; give that dataset, or another --work");
        }
        return new RunPlan(read, sources, specification, dataset, work, run, answers);
    }

    /** A run that was begun in another work folder is that one, or none. */
    private static void requireSame(Dataset dataset, Dataset.RunEntry run, Map<String, String> identity) {
        Map<String, String> begun = Identity.read(run.identity().toString());
        Identity.requireSame(begun, identity, "dataset " + dataset.location() + ", run " + run.runId());
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
            Dataset answering,
            Map<String, String> identity,
            WorkFolder work,
            Dataset dataset) {
        recipe.overrideText("dataset", read.dataset().name());
        prepareSecret(work, answering, read.workers().cache());
        RunFile run = new RunFile(
                read.deploymentSettings().run().orElseGet(RunPlan::newRunId),
                dataset.topicPrefix(),
                dataset.partitions(),
                identity,
                recipe.effectiveJson(),
                recipe.folder());
        run.write(work);
        return run;
    }

    /** With a cache it is the dataset's, so that another run asks the models in the same words and finds their answers. */
    private static void prepareSecret(WorkFolder work, Dataset dataset, boolean cache) {
        if (work.read(SECRET).isEmpty()) {
            String fresh = newSecret();
            work.write(SECRET, cache ? CacheSecret.getOrCreate(dataset, fresh) : fresh);
        }
    }

    /** Readable, sortable, and not made twice. */
    private static String newRunId() {
        byte[] random = new byte[3];
        RANDOM.nextBytes(random);
        String day = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss")
                .withZone(ZoneOffset.UTC)
                .format(Instant.now());
        return day + "-" + HexFormat.of().formatHex(random);
    }

    String identityJson() {
        return CanonicalJson.of(JSON.valueToTree(run.identity()));
    }

    /** A secret that nobody has. */
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
                                work.resolve(SECRET) + ": is missing; begin a new run with another --work")));
    }

    /** @param from where it was read, for the message */
    static Secret parseSecret(String from, String text) {
        if (!text.strip().matches("([0-9a-f]{2}){" + SECRET_BYTES + "}")) {
            throw new ConfigurationException(from + ": is not a secret that precept made; remove it"
                    + " before the run begins, or put the right one back");
        }
        return new Secret(text.strip());
    }

    /** The specification as the dataset and the workers keep it. */
    String bundle() {
        return new String(specification.compile(), StandardCharsets.UTF_8);
    }

    public long expectedRows() {
        return sources.stream().mapToLong(PromptSource::selectedRows).sum();
    }
}
