package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.cli.run.RecipeFile;
import dev.precept.cli.run.Roles;
import dev.precept.cli.run.RunRecipe;
import dev.precept.config.ConfigurationException;
import dev.precept.config.Recipe;
import dev.precept.kafka.DatasetTopics;
import dev.precept.kafka.EmbeddedBroker;
import dev.precept.kafka.Grants.Role;
import dev.precept.kafka.KafkaAccess;
import dev.precept.runtime.App;
import dev.precept.runtime.Membership;
import dev.precept.runtime.WorkFolder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers refuse a recipe that was changed during a run, so that a run never mixes models or parameters. */
class WorkerRecipeMismatchTest {
    private static final Path ROOT =
            Path.of(System.getProperty("precept.root", ".")).toAbsolutePath();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static EmbeddedBroker broker;

    @BeforeAll
    static void registerRun() throws Exception {
        broker = EmbeddedBroker.start(folder.resolve("kafka"), 0);
        Files.writeString(folder.resolve("recipe.yaml"), """
                run: begun
                dataset: %s
                prompts: {files: [%s]}
                spec: %s
                topics: {prefix: begun, partitions: 1, replication: 1}
                generator: {url: 'http://127.0.0.1:9/v1', model: first, temperature: 0.5}
                judge: {url: 'http://127.0.0.1:9/v1', model: first}
                kafka: {bootstrap.servers: '%s', schema.registry.url: 'file:%s'}
                """.formatted(
                        folder.resolve("dataset"),
                        ROOT.resolve("starter/prompts/starter.jsonl"),
                        ROOT.resolve("starter/spec"),
                        broker.address(),
                        folder.resolve("schemas.json")));
        DatasetTopics.ensure(access(recipe()), (short) 1);
        try (App prompts = app(recipe(), Role.PROMPTS)) {
            assertThat(prompts.name()).isEqualTo("prompts");
        }
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void bothWorkersRefuseAnotherModel() {
        for (Role worker : new Role[] {Role.GENERATOR, Role.JUDGE}) {
            Recipe changed = recipe();
            changed.overrideText("judge.model", "second");
            assertThatThrownBy(() -> app(changed, worker))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage(
                            "run begun: was started with another recipe (judge.model was first, is second); restore it,"
                                    + " or start another run");
        }
    }

    @Test
    void anotherTemperatureOrANewFieldIsRefused() {
        Recipe changed = recipe();
        changed.override("generator.temperature", "0.7");
        changed.override("judge.extra", "{top_k: 5}");
        assertThatThrownBy(() -> app(changed, Role.GENERATOR))
                .hasMessageContaining("generator.temperature was 0.5, is 0.7")
                .hasMessageContaining("judge.extra was absent, is {\"top_k\":5}");
    }

    @Test
    void anotherEndpointOrConcurrencyIsAccepted() throws Exception {
        Recipe changed = recipe();
        changed.overrideText("judge.url", "http://127.0.0.1:10/v1");
        changed.override("judge.concurrency", "3");
        try (App judge = app(changed, Role.JUDGE)) {
            assertThat(judge.name()).isEqualTo("judge");
        }
    }

    @Test
    void aNewRunIsRefusedWhileAnotherIsOpen() {
        Recipe other = recipe();
        other.overrideText("run", "to-come");
        assertThatThrownBy(() -> app(other, Role.JUDGE))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("has another open run, begun");
    }

    @Test
    void anUnregisteredRunAcceptsAnyWorker() throws Exception {
        Recipe other = recipe();
        other.overrideText("run", "to-come");
        other.overrideText("topics.prefix", "later");
        other.overrideText("dataset", folder.resolve("later").toString());
        DatasetTopics.ensure(access(other), (short) 1);
        other.overrideText("judge.model", "second");
        try (App judge = app(other, Role.JUDGE)) {
            assertThat(judge.name()).isEqualTo("judge");
        }
    }

    private static Recipe recipe() {
        return RecipeFile.read(folder.resolve("recipe.yaml"));
    }

    private static KafkaAccess access(Recipe recipe) {
        return RunRecipe.read(recipe, Map.of()).deploymentSettings().access();
    }

    private static App app(Recipe recipe, Role role) throws Exception {
        WorkFolder work = new WorkFolder(folder.resolve("state"));
        RunRecipe read = RunRecipe.read(recipe, Map.of());
        return Roles.standalone(
                        recipe,
                        read,
                        read.deploymentSettings().access(),
                        Membership.staticMember(0),
                        work,
                        Optional.of(new SimpleMeterRegistry()))
                .app(role);
    }
}
