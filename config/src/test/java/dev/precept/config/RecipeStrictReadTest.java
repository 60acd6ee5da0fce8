package dev.precept.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RecipeStrictReadTest {
    private static final Path FOLDER = Path.of("/recipes");

    private enum Mode {
        OFF,
        REPORT
    }

    private record ParsedRecipe(
            Optional<String> url,
            int samples,
            double threshold,
            Optional<Double> temperature,
            Duration timeout,
            boolean early,
            Mode leak,
            List<String> files,
            Map<String, String> fields,
            Optional<Path> spec) {}

    private static Recipe parsed(String yaml) {
        return Recipe.parse("recipe.yaml", FOLDER, yaml);
    }

    private static ParsedRecipe read(Recipe recipe) {
        Section top = recipe.section("");
        Section generator = recipe.section("generator");
        Section prompts = recipe.section("prompts");
        return new ParsedRecipe(
                generator.text("url", "where the model is"),
                generator.integer("samples", 1, 1, 16, "how many"),
                generator.number("threshold", 8, 0, 10, "kept at or above"),
                generator.number("temperature", 0, 2, "sent when set"),
                generator.duration("call_timeout", Duration.ofMinutes(2), "how long"),
                generator.flag("stop_early", true, "whether"),
                recipe.section("screen").oneOf("leak", Mode.REPORT, "what to do"),
                prompts.texts("files", List.of(), "which"),
                prompts.mapping("fields", "columns"),
                top.path("spec", "the specification"));
    }

    private static ParsedRecipe readAll(Recipe recipe) {
        ParsedRecipe parsedRecipe = read(recipe);
        recipe.rejectUnknownKeys();
        recipe.throwProblems();
        return parsedRecipe;
    }

    private static List<String> problems(String yaml) {
        Recipe recipe = parsed(yaml);
        read(recipe);
        recipe.rejectUnknownKeys();
        try {
            recipe.throwProblems();
        } catch (ConfigurationException e) {
            return e.problems();
        }
        return List.of();
    }

    @Test
    void everyValueIsReadAsItsType() {
        ParsedRecipe parsedRecipe = readAll(parsed("""
                spec: ./spec
                prompts: {files: [a.jsonl, b.jsonl], fields: {prompt: question}}
                generator: {url: "http://127.0.0.1:1/v1", samples: 2, threshold: 7.5, temperature: 0.6, call_timeout: 90s,
                            stop_early: false}
                screen: {leak: off}
                """));
        assertThat(parsedRecipe)
                .isEqualTo(new ParsedRecipe(
                        Optional.of("http://127.0.0.1:1/v1"),
                        2,
                        7.5,
                        Optional.of(0.6),
                        Duration.ofSeconds(90),
                        false,
                        Mode.OFF,
                        List.of("a.jsonl", "b.jsonl"),
                        Map.of("prompt", "question"),
                        Optional.of(Path.of("/recipes/spec"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "{}", "generator: {}", "generator: {samples: }"})
    void absentKeysHaveTheirDefaults(String yaml) {
        assertThat(readAll(parsed(yaml)))
                .isEqualTo(new ParsedRecipe(
                        Optional.empty(),
                        1,
                        8,
                        Optional.empty(),
                        Duration.ofMinutes(2),
                        true,
                        Mode.REPORT,
                        List.of(),
                        Map.of(),
                        Optional.empty()));
    }

    @Test
    void anUnknownKeyIsAProblemThatNamesItsSiblings() {
        assertThat(problems("generator: {smaples: 3}"))
                .containsExactly("recipe.yaml: generator.smaples: unknown key; known here are call_timeout, samples, "
                        + "stop_early, temperature, threshold, url");
        assertThat(problems("judgement: {votes: 3}"))
                .containsExactly(
                        "recipe.yaml: judgement: unknown key; known here are generator, prompts, screen, spec");
        assertThat(problems("threshold: 9"))
                .containsExactly("recipe.yaml: threshold: unknown key; did you mean generator.threshold? known here are"
                        + " generator, prompts, screen, spec");
    }

    @Test
    void aMappingAcceptsArbitraryKeys() {
        assertThat(problems("prompts: {fields: {anything: goes}}")).isEmpty();
    }

    @Test
    void aSectionThatIsNotAMappingIsAProblem() {
        assertThat(problems("generator: 3"))
                .containsExactly("recipe.yaml: generator: must be a mapping, as in 'generator: {…}'");
    }

    @Test
    void aDuplicateKeyIsRejectedWithItsLine() {
        assertThatThrownBy(() -> parsed("spec: a\ngenerator: {samples: 1}\nspec: b\n"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageMatching("(?s)recipe\\.yaml:3: .*[Dd]uplicate.*spec.*");
        assertThatThrownBy(() -> parsed("generator: {samples: 1, samples: 2}"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("recipe.yaml:1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1, 2]", "just text", "3", "off"})
    void aRecipeThatIsNotAMappingIsRejected(String yaml) {
        assertThatThrownBy(() -> parsed(yaml))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("a recipe is a mapping");
    }

    @Test
    void invalidYamlIsRejectedWithItsLine() {
        assertThatThrownBy(() -> parsed("spec: a\nprompts: [\n"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageMatching("(?s)recipe\\.yaml:[23]: not a YAML recipe.*");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "generator: {samples: 0}          | generator.samples: 0          | a whole number from 1 to 16",
                "generator: {samples: 17}         | generator.samples: 17         | a whole number from 1 to 16",
                "generator: {samples: 2.5}        | generator.samples: 2.5        | a whole number from 1 to 16",
                "generator: {samples: two}        | generator.samples: \"two\"    | a whole number from 1 to 16",
                "generator: {samples: 5000000000} | generator.samples: 5000000000 | a whole number from 1 to 16",
                "generator: {threshold: 10.01}    | generator.threshold: 10.01    | a number from 0 to 10",
                "generator: {stop_early: yes}     | generator.stop_early: \"yes\" | true or false",
                "generator: {threshold: high}     | generator.threshold: \"high\" | a number from 0 to 10",
                "generator: {temperature: -1}     | generator.temperature: -1     | a number from 0 to 2",
                "generator: {call_timeout: 90}    | generator.call_timeout: 90    | a duration such as 500ms",
                "generator: {call_timeout: 0s}    | generator.call_timeout: \"0s\"| a duration such as 500ms",
                "generator: {call_timeout: -5s}   | generator.call_timeout: \"-5s\"| a duration such as 500ms",
                "generator: {stop_early: 1}       | generator.stop_early: 1       | true or false",
                "generator: {url: [a]}            | generator.url: a list         | text",
                "generator: {url: ''}             | generator.url: \"\"           | text",
                "screen: {leak: maybe}            | screen.leak: \"maybe\"        | one of off, report",
                "prompts: {files: []}             | prompts.files: a list         | a list of texts",
                "prompts: {files: {a: b}}         | prompts.files: a mapping      | a list of texts",
                "prompts: {files: [a, [b]]}       | prompts.files: a list         | a list of texts",
                "prompts: {fields: [a]}           | prompts.fields: this value    | a mapping",
                "spec: {a: b}                     | spec: a mapping               | path",
            })
    void anInvalidValueIsAProblemThatNamesTheAllowedValues(String yaml, String what, String allowed) {
        assertThat(problems(yaml))
                .singleElement()
                .asString()
                .isEqualToIgnoringWhitespace("recipe.yaml: " + what.strip() + " is not allowed; give "
                        + (allowed.startsWith("a duration") ? "a duration such as 500ms, 120s, 5m or 2h" : allowed));
    }

    @Test
    void aProblemThatTwoReadersFindIsReportedOnce() {
        Recipe recipe = parsed("neardup: {threshold: 2}");
        NearDuplicateSettings.read(recipe);
        NearDuplicateSettings.read(recipe);
        assertThatThrownBy(recipe::throwProblems)
                .isInstanceOfSatisfying(
                        ConfigurationException.class,
                        e -> assertThat(e.problems()).hasSize(1));
    }

    @Test
    void allProblemsAreReportedAtOnce() {
        assertThat(problems("""
                generator: {samples: 0, threshold: 11, url: [x], bogus: 1}
                screen: {leak: maybe}
                nonsense: true
                """)).hasSize(6).allMatch(problem -> problem.startsWith("recipe.yaml: "));
    }

    @ParameterizedTest
    @CsvSource({"500ms, PT0.5S", "120s, PT2M", "5m, PT5M", "2h, PT2H"})
    void durationsHaveAUnit(String text, Duration duration) {
        assertThat(readAll(parsed("generator: {call_timeout: " + text + "}")).timeout())
                .isEqualTo(duration);
    }

    @ParameterizedTest
    @CsvSource({"0, 16", "1, 1"})
    void limitsAreInclusive(int threshold, int samples) {
        ParsedRecipe parsedRecipe =
                readAll(parsed("generator: {threshold: " + threshold + ", samples: " + samples + "}"));
        assertThat(parsedRecipe.threshold()).isEqualTo(threshold);
        assertThat(parsedRecipe.samples()).isEqualTo(samples);
    }

    @Test
    void aFlagOverridesTheFileAndIsValidatedLikeIt() {
        Recipe recipe = parsed("generator: {samples: 2, threshold: 5}");
        recipe.override("generator.samples", "4");
        recipe.override("prompts.files", List.of("a,b.jsonl", "[c]"));
        ParsedRecipe parsedRecipe = readAll(recipe);
        assertThat(parsedRecipe.samples()).isEqualTo(4);
        assertThat(parsedRecipe.threshold()).isEqualTo(5);
        assertThat(parsedRecipe.files()).containsExactly("a,b.jsonl", "[c]");
        recipe.override("generator.samples", "400");
        read(recipe);
        assertThatThrownBy(recipe::throwProblems).hasMessageContaining("generator.samples: 400 is not allowed");
    }

    @Test
    void pathsResolveAgainstTheRecipesFolderAndFlagsAgainstTheCurrentDirectory() {
        assertThat(readAll(parsed("spec: ../spec")).spec()).contains(Path.of("/spec"));
        assertThat(readAll(parsed("spec: /elsewhere")).spec()).contains(Path.of("/elsewhere"));
        Recipe recipe = parsed("spec: ../spec");
        recipe.override("spec", "mine");
        assertThat(readAll(recipe).spec()).contains(Path.of("mine").toAbsolutePath());
        assertThat(recipe.section("prompts").base("files")).isEqualTo(FOLDER);
    }

    @Test
    void everyReadKeyIsDeclaredOnceWithItsDefault() {
        Recipe recipe = parsed("");
        read(recipe);
        read(recipe);
        assertThat(recipe.settings())
                .extracting(Setting::key)
                .doesNotHaveDuplicates()
                .hasSize(10);
        assertThat(recipe.settings())
                .contains(
                        new Setting("generator.samples", "a whole number from 1 to 16", "1", "how many"),
                        new Setting("generator.threshold", "a number from 0 to 10", "8", "kept at or above"),
                        new Setting("screen.leak", "one of off, report", "report", "what to do"));
    }

    @Test
    void theEffectiveRecipeMergesFileAndFlags() {
        Recipe recipe = parsed("generator: {samples: 2}");
        recipe.override("generator.url", "http://127.0.0.1:1");
        recipe.override("spec", "s");
        Recipe again = Recipe.parse("run.json", Path.of("").toAbsolutePath(), recipe.effectiveJson());
        assertThat(readAll(again)).isEqualTo(readAll(recipe));
    }

    @Test
    void aMappingOfJsonValuesIsReadUnchanged() {
        Recipe recipe = parsed("generator: {extra: {top_k: 20, chat_template_kwargs: {thinking: true, stop: [a, ~]}}}");
        ObjectNode extra = recipe.section("generator").json("extra", "passed on");
        recipe.rejectUnknownKeys();
        recipe.throwProblems();

        assertThat(extra)
                .hasToString("{\"top_k\":20,\"chat_template_kwargs\":{\"thinking\":true,\"stop\":[\"a\",null]}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1]", "3", "{min_p: 1e999}", "{a: [{b: -1e999}]}"})
    void anInvalidMappingOfJsonValuesIsAProblem(String value) {
        Recipe recipe = parsed("generator: {extra: " + value + "}");

        assertThat(recipe.section("generator").json("extra", "passed on")).isEmpty();
        assertThatThrownBy(recipe::throwProblems).hasMessageContaining("generator.extra: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.10", "3.10", "1.0", "007", "0x1F", "1_000", "1e3", "+5", ".5", "True", "true", "12"})
    void aTextIsTakenAsItIsWritten(String value) {
        Recipe recipe = parsed("generator: {url: " + value + "}\nprompts: {files: [a, " + value + "], fields: {prompt: "
                + value + "}}\nspec: " + value);
        ParsedRecipe read = readAll(recipe);
        assertThat(read.url()).contains(value);
        assertThat(read.files()).containsExactly("a", value);
        assertThat(read.fields()).containsEntry("prompt", value);
        assertThat(read.spec()).contains(FOLDER.resolve(value));
        assertThat(readAll(Recipe.restore("run.json", FOLDER, recipe.effectiveJson())))
                .isEqualTo(read);

        Recipe flagged = parsed("generator: {url: 2.20}");
        flagged.override("generator.url", value);
        flagged.override("prompts.files", "[" + value + "]");
        assertThat(readAll(flagged))
                .returns(Optional.of(value), ParsedRecipe::url)
                .returns(List.of(value), ParsedRecipe::files);
        assertThat(flagged.effectiveJson()).contains("\"" + value + "\"");
    }

    @Test
    void aNumberStaysANumber() {
        Recipe recipe = parsed("generator: {samples: 0x3, threshold: 7.50}");
        assertThat(readAll(recipe)).returns(3, ParsedRecipe::samples).returns(7.5, ParsedRecipe::threshold);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            spec: a⏎---⏎generator: {samples: 2}              | recipe.yaml:3: a second document begins here
            spec: &s a⏎generator: {url: *s}                  | recipe.yaml:2: a YAML alias; aliases are not supported
            screen: &b {leak: off}⏎generator: {<<: *b}       | recipe.yaml:2: a YAML alias; aliases are not supported
            """)
    void whatWouldBeIgnoredIsRefused(String yaml, String problem) {
        assertThatThrownBy(() -> parsed(yaml.replace('⏎', '\n')))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith(problem);
    }

    @Test
    void oneDocumentMayHaveItsMarks() {
        assertThat(readAll(parsed("---\nspec: a\n...\n")).spec()).contains(FOLDER.resolve("a"));
        assertThat(readAll(parsed("spec: a\n---\n")).spec()).contains(FOLDER.resolve("a"));
    }

    @Test
    void aPathThatTheMachineCannotHaveIsExplained() {
        Recipe recipe = parsed("spec: \"a\\0b\"");
        recipe.section("").path("spec", "the specification");
        assertThatThrownBy(recipe::throwProblems)
                .hasMessageContaining("recipe.yaml: spec: path 'a")
                .hasMessageContaining("set a UTF-8 locale, as in LC_ALL=C.UTF-8");
    }

    @Test
    void aFlagMayNameAClientSettingWithItsDots() {
        Recipe recipe = Recipe.parse(
                "recipe.yaml",
                Path.of("/recipes/recipe.yaml"),
                FOLDER,
                "kafka: {bootstrap.servers: 'a:1', sasl.jaas.config: 'one'}");
        recipe.override("kafka.bootstrap.servers", "b:2");
        recipe.override("kafka.ssl.key.password", "two");
        assertThat(recipe.section("").mapping("kafka", "client settings"))
                .isEqualTo(Map.of("bootstrap.servers", "b:2", "sasl.jaas.config", "one", "ssl.key.password", "two"));
        recipe.throwProblems();
        assertThat(recipe.effectiveJson())
                .contains("\"b:2\"", "${recipe:/recipes/recipe.yaml:kafka:sasl.jaas.config}")
                .contains("${recipe::kafka:ssl.key.password}");
    }

    @Test
    void aTildeIsTheHomeFolderAndAVariableIsRefused() {
        Path home = Path.of(System.getProperty("user.home"));
        assertThat(readAll(parsed("spec: ~/specs/a")).spec()).contains(home.resolve("specs/a"));
        assertThat(readAll(parsed("spec: a~/b")).spec()).contains(FOLDER.resolve("a~/b"));

        Recipe recipe = parsed("spec: ${HOME}/specs");
        read(recipe);
        assertThatThrownBy(recipe::throwProblems)
                .hasMessage(
                        "recipe.yaml: spec: ${HOME}/specs has a variable, which is not replaced here; write the path,"
                                + " or give it as a flag");
    }
}
