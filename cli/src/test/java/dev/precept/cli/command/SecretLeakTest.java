package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.cli.run.RecipeFile;
import dev.precept.cli.run.RunRecipe;
import dev.precept.cli.run.SecurityWarnings;
import dev.precept.config.ConfigurationException;
import dev.precept.config.Recipe;
import dev.precept.runtime.RunFile;
import dev.precept.runtime.WorkFolder;
import dev.precept.testkit.Jvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No command shows or stores the value of a key that may hold a secret, whether the recipe is right or wrong. */
@Tag("slow")
@Tag("ci")
class SecretLeakTest {
    private static final String MARKER = "planted5ecret";
    private static final Path ROOT =
            Path.of(System.getProperty("precept.root", ".")).toAbsolutePath();

    /** Every setting of clients that may hold a secret; the broker does not exist. */
    private static final String SECRETS = """
            kafka:
              bootstrap.servers: 127.0.0.1:1
              schema.registry.url: http://user:planted5ecret-1@127.0.0.1:1
              security.protocol: PLAINTEXT
              default.api.timeout.ms: 1000
              request.timeout.ms: 1000
              max.block.ms: 1000
              sasl.mechanism: SCRAM-SHA-512
              sasl.jaas.config: org.apache.kafka.common.security.scram.ScramLoginModule required username="u" password="planted5ecret-2";
              ssl.key.password: planted5ecret-3
              ssl.keystore.password: planted5ecret-4
              ssl.keystore.key: planted5ecret-5
              ssl.keystore.certificate.chain: planted5ecret-6
              ssl.truststore.password: planted5ecret-7
              ssl.truststore.certificates: planted5ecret-8
              sasl.oauthbearer.client.credentials.client.secret: planted5ecret-9
              sasl.oauthbearer.assertion.private.key.passphrase: planted5ecret-10
              basic.auth.user.info: user:planted5ecret-11
              basic.auth.credentials.source: USER_INFO
              bearer.auth.token: planted5ecret-12
              schema.registry.ssl.keystore.password: planted5ecret-13
              a.setting.of.a.later.version: planted5ecret-14
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @BeforeEach
    void writeRecipe() throws IOException {
        recipe("recipe.yaml", SECRETS);
    }

    private void recipe(String name, String more) throws IOException {
        Files.writeString(
                folder.resolve(name),
                "run: secretive\nprompts: {files: [" + ROOT.resolve("starter/prompts/starter.jsonl") + "]}\nspec: "
                        + ROOT.resolve("starter/spec") + "\ndataset: " + folder.resolve("dataset")
                        + "\ntopics: {prefix: s, partitions: 1}\n" + more);
    }

    private String at(String name) {
        return folder.resolve(name).toString();
    }

    @Test
    void aRunStoresAndPrintsNoSecret() throws IOException {
        Path output = folder.resolve("output.txt");
        try (Jvm run = Jvm.start(
                new Jvm.Launch(Precept.class, "run", at("recipe.yaml"), "--work", at("work"))
                        .withEnvironment(Map.of("PRECEPT_MODEL_API_KEY", MARKER + "-15")),
                output)) {
            assertThat(run.awaitExit(Duration.ofMinutes(2))).as(run.output()).isEqualTo(1);
        }
        WorkFolder work = new WorkFolder(folder.resolve("work"));
        assertThat(RunFile.read(work)
                        .orElseThrow()
                        .effectiveRecipe()
                        .section("")
                        .mapping("kafka", "settings"))
                .as("the run's settings, with the secrets from the recipe")
                .containsEntry("bearer.auth.token", MARKER + "-12")
                .containsEntry("ssl.key.password", MARKER + "-3")
                .containsEntry("schema.registry.url", "http://user:" + MARKER + "-1@127.0.0.1:1");
        for (String secret : List.of("run.json", "secret")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(work.resolve(secret))))
                    .as(secret)
                    .isEqualTo("rw-------");
        }
        List<String> outputs = new ArrayList<>();
        for (List<String> command : List.of(
                List.of("status", "--work", at("work")),
                List.of("pause", "--work", at("work")),
                List.of("status", "--recipe", at("recipe.yaml")),
                List.of("topics", "apply", "--recipe", at("recipe.yaml")),
                List.of("topics", "--recipe", at("recipe.yaml")),
                List.of("recover", at("recipe.yaml"), "--work", at("work")))) {
            CommandResult result = CommandResult.run(command.toArray(String[]::new));
            outputs.add(command + ": " + result.out() + result.err());
        }
        Files.write(folder.resolve("outputs.txt"), outputs);
        assertNoSecret();
        Recipe parsed = RecipeFile.read(folder.resolve("recipe.yaml"));
        assertThat(RunRecipe.read(parsed, Map.of("PRECEPT_MODEL_API_KEY", MARKER))
                        .toString())
                .doesNotContain(MARKER);
        assertThat(RunFile.read(work).orElseThrow().toString()).doesNotContain(MARKER);
    }

    /** The text of every file but the recipes. */
    private void assertNoSecret() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().endsWith(".yaml"))
                    .toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .as("%s", file)
                        .doesNotContain(MARKER);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kafka: {sasl: {jaas: {config: planted5ecret}}}",
                "kafka: {ssl.key.password: [planted5ecret]}",
                "kafka: planted5ecret",
                "kafka: [planted5ecret]",
                "kafka: {bootstrap.servers: a, sasl.jaas.config: {password: planted5ecret}}",
                "generator: {url: 'http://user:planted5ecret@host/v1'}",
                "generator: {url: 'http://user:planted5ecret @host/v1'}",
                "generator: {url: 'ftp://user:planted5ecret@host/v1'}",
                "generator: {url: 'http://host/v1?key=planted5ecret'}",
                "generator: {url: ['http://host/v1?key=planted5ecret']}",
                "generator: {endpoints: {'http://user:planted5ecret@host/v1': 1}}",
                "generator: {api_key: planted5ecret}",
                "generator: {headers: {Authorization: planted5ecret}}",
                "generator: {extra: [planted5ecret]}",
                "kafka: {ssl.key.password: !planted5ecret!x y}",
                "kafka: {ssl.key.password: \"planted5ecret\\q\"}",
                "kafka: {ssl.key.password: @planted5ecret}",
                "kafka: {ssl.key.password: 'planted5ecret}",
                "kafka:\n  ssl.key.password: planted5ecret: 3\n   b: c",
                "kafka:\n\tssl.key.password: planted5ecret"
            })
    void aWrongRecipeIsRefusedWithoutItsSecrets(String wrong) throws IOException {
        recipe("wrong.yaml", wrong + "\n");
        CommandResult run = CommandResult.run("run", at("wrong.yaml"), "--work", at("wrong"));
        assertThat(run.code()).as(run.out() + run.err()).isEqualTo(2);
        assertThat(run.out() + run.err()).isNotBlank().doesNotContain(MARKER);
    }

    @Test
    void aSecretOfAFlagIsNotStoredAndMissedLater() throws IOException {
        WorkFolder work = new WorkFolder(folder.resolve("flagged"));
        work.prepare();
        Recipe recipe = RecipeFile.read(folder.resolve("recipe.yaml"));
        recipe.override("kafka", "{ssl.key.password: " + MARKER + ", bootstrap.servers: 'b:1'}");
        RunRecipe.read(recipe, Map.of());
        RunFile run = new RunFile("r", "p", 1, Map.of(), recipe.effectiveJson(), folder);
        assertThat(run.recipe()).doesNotContain(MARKER).contains("b:1");
        assertThatThrownBy(run::effectiveRecipe)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("kafka.ssl.key.password: may be a secret, so it is not stored with the run")
                .hasMessageContaining("${dir:FOLDER:FILE}");
    }

    @Test
    void aKeyThatTravelsInPlainTextIsReported() throws IOException {
        recipe("plain.yaml", "generator: {url: 'http://192.0.2.1:8000/v1'}\n");
        Recipe plain = RecipeFile.read(folder.resolve("plain.yaml"));
        assertThat(SecurityWarnings.of(RunRecipe.read(plain, Map.of("PRECEPT_MODEL_API_KEY", MARKER))))
                .hasSize(2)
                .first()
                .asString()
                .startsWith(
                        "warning: generator.url: the API key is sent to http://192.0.2.1:8000/v1 without encryption")
                .doesNotContain(MARKER);
        assertThat(SecurityWarnings.of(RunRecipe.read(plain, Map.of()))).isEmpty();
        for (String harmless : List.of("https://192.0.2.1/v1", "http://127.0.0.1:1/v1", "http://localhost:1/v1")) {
            plain.overrideText("generator.url", harmless);
            assertThat(SecurityWarnings.of(RunRecipe.read(plain, Map.of("PRECEPT_MODEL_API_KEY", MARKER))))
                    .as(harmless)
                    .isEmpty();
        }
    }
}
