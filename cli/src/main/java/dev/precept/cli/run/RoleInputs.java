package dev.precept.cli.run;

import dev.precept.config.ConfigurationException;
import dev.precept.config.Recipe;
import dev.precept.dataset.CacheSecret;
import dev.precept.dataset.Dataset;
import dev.precept.kafka.DatasetTopics;
import dev.precept.kafka.KafkaAccess;
import dev.precept.model.Secret;
import dev.precept.runs.RunControl;
import dev.precept.runtime.WorkFolder;
import dev.precept.schemas.Topics;
import dev.precept.store.location.StoreLocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the roles of one process work with. Each method is called only for the roles that need its result: a worker is
 * granted neither the dataset nor the ids of its topics.
 */
sealed interface RoleInputs {
    String runId();

    /** Checks what the run needs, and creates its {@code run.json} if it is new. */
    RunPlan plan();

    Dataset dataset();

    /** Ids of the topics that the dataset is written from, by name without prefix. */
    Map<String, String> topicIds() throws InterruptedException;

    WorkFolder folder();

    /** The secret from which all workers of the dataset derive the delimiters of untrusted text. */
    Secret nonceSecret();

    /** The dataset beside which responses are cached. */
    StoreLocation cacheLocation();

    /** The dataset as it is stored, where this process can read one: it may hold verdicts of persons. */
    Optional<Dataset> storedDataset();

    /** @throws ConfigurationException if the run was started with other models or parameters than the recipe names */
    void requireSameParameters();

    /** Of a process that holds the run's work folder. */
    record FromPlan(RunPlan plan, Map<String, String> topicIds) implements RoleInputs {
        @Override
        public String runId() {
            return plan.run().runId();
        }

        @Override
        public Dataset dataset() {
            return plan.dataset();
        }

        @Override
        public WorkFolder folder() {
            return plan.work();
        }

        @Override
        public Secret nonceSecret() {
            return plan.nonceSecret();
        }

        @Override
        public StoreLocation cacheLocation() {
            return plan.cacheLocation();
        }

        @Override
        public Optional<Dataset> storedDataset() {
            return Optional.of(plan.dataset());
        }

        @Override
        public void requireSameParameters() {
            // The plan has compared the whole identity.
        }
    }

    /** Of a process that knows the recipe only. */
    record FromRecipe(Recipe source, RunRecipe recipe, KafkaAccess kafka, WorkFolder state) implements RoleInputs {
        private static final Logger log = LoggerFactory.getLogger(FromRecipe.class);
        private static final String NONCE_FILE = "PRECEPT_NONCE_SECRET_FILE";

        @Override
        public String runId() {
            return recipe.deploymentSettings().run().orElseThrow();
        }

        @Override
        public RunPlan plan() {
            RunPlan plan = RunPlan.makeWithoutRelease(source, folder());
            log.atInfo().addKeyValue("input", plan.input().report().headline()).log("checked the prompts");
            for (String line : plan.input().report().lines()) {
                log.atWarn().addKeyValue("input", line).log("checked the prompts");
            }
            return plan;
        }

        @Override
        public Dataset dataset() {
            return Dataset.open(
                    recipe.dataset(),
                    recipe.deploymentSettings().partitions(),
                    recipe.deploymentSettings().prefix());
        }

        @Override
        public Map<String, String> topicIds() throws InterruptedException {
            return DatasetTopics.fetchIds(kafka, List.of(Topics.SAMPLES, Topics.REJECTIONS));
        }

        @Override
        public WorkFolder folder() {
            state.prepare();
            return state;
        }

        /** From a file that every worker is given, or from the response cache of the dataset. */
        @Override
        public Secret nonceSecret() {
            String file = System.getenv(NONCE_FILE);
            try {
                if (file != null) {
                    return RunPlan.parseSecret(file, Files.readString(Path.of(file)));
                }
            } catch (IOException e) {
                throw new ConfigurationException(NONCE_FILE + ": " + file + " cannot be read");
            }
            if (!recipe.workers().cache()) {
                throw new ConfigurationException(
                        NONCE_FILE + ": required with 'cache: false', so that all workers use the same delimiters for"
                                + " untrusted text; name a file with 64 hexadecimal digits");
            }
            return RunPlan.parseSecret("the dataset's cache", CacheSecret.getOrCreate(dataset(), RunPlan.newSecret()));
        }

        @Override
        public StoreLocation cacheLocation() {
            return recipe.dataset();
        }

        /** A worker without a cache may have no access to the dataset. */
        @Override
        public Optional<Dataset> storedDataset() {
            return recipe.workers().cache() ? Dataset.find(recipe.dataset()) : Optional.empty();
        }

        /** A run that is not registered yet has no parameters to differ from, but another run may still be open. */
        @Override
        public void requireSameParameters() {
            try (RunControl control = new RunControl(kafka, runId())) {
                control.identity()
                        .ifPresentOrElse(
                                started -> Identity.requireSameParameters(runId(), started, recipe.workers()),
                                control::requireNoOtherOpenRun);
            }
        }
    }
}
