package dev.precept.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.config.Recipe;
import dev.precept.judging.Criteria;
import dev.precept.judging.EndpointSettings;
import dev.precept.judging.RequestSettings;
import dev.precept.model.ApiKey;
import dev.precept.model.Sampling;
import dev.precept.model.openai.RequestEncoding;
import dev.precept.model.openai.RequestEncoding.ResponseFormat;
import dev.precept.model.openai.RequestEncoding.TokenLimitField;
import dev.precept.model.pricing.Price;
import dev.precept.model.resilience.RateLimits;
import dev.precept.store.location.StoreLocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The sections {@code generator} and {@code judge} are read strictly; the judge inherits from the generator. */
class WorkerSettingsTest {
    @TempDir
    Path folder;

    @Test
    void theJudgeInheritsTheSettingsOfTheGenerator() {
        WorkerSettings settings = read(
                "generator: {url: 'http://127.0.0.1:8000/v1', model: r1, concurrency: 512, call_timeout: 90s}\n"
                        + "judge: {concurrency: 64}",
                Map.of("PRECEPT_MODEL_API_KEY", "sk-1"));

        assertThat(settings.judges().judgeOf(1).weights()).isEqualTo(Map.of("http://127.0.0.1:8000/v1", 1));
        assertThat(settings.judges().judgeOf(1).model()).isEqualTo("r1");
        assertThat(settings.judges().judgeOf(1).callTimeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(settings.judges().judgeOf(1).concurrency()).isEqualTo(64);
        assertThat(settings.judges().judgeOf(1).apiKey())
                .isSameAs(settings.generator().apiKey());
    }

    @Test
    void aRepairThatCannotWorkIsRefused() throws IOException {
        assertThat(read("{}", Map.of()).runParameters().getRepair()).isFalse();
        assertThat(read("generator: {repair: true}", Map.of()).runParameters().getRepair())
                .isTrue();
        assertThatThrownBy(() -> read("generator: {repair: true, attempts: 1}", Map.of()))
                .hasMessage(
                        "recipe.yaml: generator.repair: is one of generator.attempts, which is 1; set attempts to 2 or"
                                + " more, or repair to false");
        Files.writeString(folder.resolve("own.md"), "{{policies}}\n{{conversation}}\n");
        read("generator: {template: own.md}", Map.of());
        assertThatThrownBy(() -> read("generator: {repair: true, template: own.md}", Map.of()))
                .hasMessage(
                        "recipe.yaml: generator.repair: generator.template has no place {{repair}} for the attempt that"
                                + " fell short; add it as its last line, or set repair: false");
        Files.writeString(folder.resolve("own.md"), "{{policies}}\n{{conversation}}\n{{repair}}\n");
        read("generator: {repair: true, template: own.md}", Map.of());
    }

    @Test
    void endpointsHaveWeightsAndPricesCoverBothKindsOfTokens() {
        WorkerSettings settings = read(
                "generator: {endpoints: {'http://127.0.0.1:8000/v1': 2, 'http://127.0.0.1:8001/v1/': 1},"
                        + " price: {prompt: 0.5, completion: 2, cached: 0.05}, requests_per_minute: 600}",
                Map.of());

        assertThat(settings.generator().weights())
                .isEqualTo(Map.of("http://127.0.0.1:8000/v1", 2, "http://127.0.0.1:8001/v1", 1));
        assertThat(settings.generator().price()).isEqualTo(new Price(0.5, 0.05, 2, 2));
        assertThat(settings.judges().judgeOf(1).price()).as("of the same model").isEqualTo(new Price(0.5, 0.05, 2, 2));
        assertThat(settings.generator().rateLimits()).isEqualTo(new RateLimits(600L, null));
        assertThat(settings.judges().judgeOf(1).rateLimits()).isEqualTo(RateLimits.UNLIMITED);
    }

    @Test
    void extraFieldsAreCanonicalJson() {
        WorkerSettings settings = read(
                "generator: {extra: {top_k: 20, chat_template_kwargs: {thinking: true, effort: ~}, min_p: 0.050}}\n"
                        + "judge: {extra: {top_k: 1}}",
                Map.of());

        assertThat(settings.generator().sampling().extra())
                .isEqualTo(
                        "{\"chat_template_kwargs\":{\"effort\":null,\"thinking\":true},\"min_p\":0.05,\"top_k\":20}");
        assertThat(settings.judges().judgeOf(1).sampling().extra()).isEqualTo("{\"top_k\":1}");
        assertThat(read("{}", Map.of()).judges().judgeOf(1).sampling().extra()).isEqualTo(Sampling.NO_EXTRA);
    }

    @ParameterizedTest
    @CsvSource({
        "model, set model in its place",
        "messages, remove it from extra",
        "tools, remove it from extra",
        "n, remove it from extra",
        "max_tokens, set max_tokens in its place",
        "max_completion_tokens, set max_tokens and request.max_tokens_field in its place",
        "temperature, set temperature in its place",
        "top_p, set top_p in its place",
        "seed, set request.seed in its place",
        "response_format, set request.response_format in its place",
        "reasoning_effort, set effort in its place",
        "stream, set request.stream in its place",
        "stream_options, set request.stream in its place"
    })
    void aFieldThatIsSetElsewhereCannotBeExtra(String field, String advice) {
        for (String role : List.of("generator", "judge")) {
            assertThatThrownBy(() -> read(role + ": {extra: {" + field + ": 1}}", Map.of()))
                    .hasMessage("recipe.yaml: " + role + ".extra." + field + ": is set by Precept; " + advice);
        }
    }

    @Test
    void theJudgeHasSamplingOfItsOwn() {
        WorkerSettings settings = read(
                "generator: {temperature: 1, effort: high}\n"
                        + "judge: {max_tokens: 12000, effort: low, temperature: 0, top_p: 0.5}",
                Map.of());

        assertThat(settings.judges().judgeOf(1).sampling()).isEqualTo(new Sampling(0.0, 0.5, "low", 12_000));
        assertThat(read("generator: {temperature: 1, effort: high}", Map.of())
                        .judges()
                        .judgeOf(1)
                        .sampling())
                .isEqualTo(new Sampling(null, null, null, 4_096));
    }

    @Test
    void theSectionRequestSaysHowRequestsAreWritten() {
        String request = "request: {max_tokens_field: max_completion_tokens, response_format: json_object, seed: false,"
                + " temperature: false, stream: true, api_key_header: api-key, headers: {X-Team: blue, x-api-key: $KEY},"
                + " query: {api-version: 2026-01-01}, check: warn}";
        WorkerSettings settings = read(
                "generator: {url: 'http://127.0.0.1:8000/v1', " + request + "}\njudge: {request: {seed: true}}",
                Map.of("KEY", "k-12345678"));

        RequestSettings generator = settings.generator().request();
        assertThat(generator)
                .isEqualTo(new RequestSettings(
                        new RequestEncoding(
                                TokenLimitField.MAX_COMPLETION_TOKENS,
                                ResponseFormat.JSON_OBJECT,
                                true,
                                Set.of("seed", "temperature", "top_p")),
                        "api-key",
                        Map.of("X-Team", "blue", "x-api-key", "k-12345678"),
                        Map.of("api-version", "2026-01-01"),
                        RequestSettings.Check.WARN));
        assertThat(settings.judges().judgeOf(1).request().encoding().omitted())
                .as("inherited with the endpoints, but for what it sets")
                .containsExactlyInAnyOrder("temperature", "top_p");
        assertThat(settings.generator().toString()).contains("x-api-key").doesNotContain("k-12345678");
        assertThat(read(
                                "generator: {url: 'http://127.0.0.1:8000/v1', " + request
                                        + "}\njudge: {url: 'http://127.0.0.1:8001/v1'}",
                                Map.of("KEY", "k-12345678"))
                        .judges()
                        .judgeOf(1)
                        .request())
                .as("of another endpoint")
                .isEqualTo(RequestSettings.STANDARD);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "api-key: sk-99 | api-key may be a key, and recipes are stored; give it as $NAME",
                "X-Auth-Token: sk-99 | X-Auth-Token may be a key",
                "X-Key: $MISSING | X-Key: the environment variable MISSING is not set",
                "Host: sk-99 | Host is not a header that can be set",
                "'a b': sk-99 | a b is not a header that can be set"
            })
    void aHeaderThatCannotBeSentIsAProblemAndItsValueIsNotQuoted(String header, String problem) {
        assertThatThrownBy(() -> read("generator: {request: {headers: {" + header + "}}}", Map.of()))
                .hasMessageContaining("generator.request.headers: " + problem)
                .hasMessageNotContaining("sk-99");
    }

    @Test
    void aKeyIsNotSentToAnotherEndpoint() {
        WorkerSettings settings = read(
                "generator: {url: 'http://127.0.0.1:8000/v1'}\njudge: {url: 'http://127.0.0.1:8001/v1'}",
                Map.of("PRECEPT_MODEL_API_KEY", "sk-1"));

        assertThat(settings.generator().apiKey()).isNotNull();
        assertThat(settings.judges().judgeOf(1).apiKey()).isNull();
    }

    @Test
    void aKeyMayBeReadFromAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("key"), "sk-2\n");

        assertThat(read("{}", Map.of("PRECEPT_MODEL_API_KEY_FILE", file.toString()))
                        .generator()
                        .apiKey())
                .isNotNull();
    }

    @Test
    void aRotatedKeyFileAppliesToBothRoles() throws IOException {
        Path file = Files.writeString(folder.resolve("key"), "sk-2\n");
        WorkerSettings settings = read("{}", Map.of("PRECEPT_MODEL_API_KEY_FILE", file.toString()));

        Files.writeString(file, "sk-rotated\n");

        ApiKey apiKey = Objects.requireNonNull(settings.generator().apiKey());
        assertThat(apiKey.current().reveal()).isEqualTo("sk-rotated");
        assertThat(settings.judges().judgeOf(1).apiKey()).isSameAs(apiKey);
    }

    @Test
    void anUnreadableKeyIsReported() {
        String missing = folder.resolve("missing").toString();
        assertThatThrownBy(() -> read("{}", Map.of("PRECEPT_MODEL_API_KEY_FILE", missing)))
                .hasMessageContaining("PRECEPT_MODEL_API_KEY_FILE")
                .hasMessageContaining(missing);
        assertThatThrownBy(
                        () -> read("{}", Map.of("PRECEPT_MODEL_API_KEY", "a", "PRECEPT_MODEL_API_KEY_FILE", missing)))
                .hasMessageContaining("both set");
    }

    @Test
    void answersAreCachedUnlessTheRecipeDisablesIt() {
        StoreLocation dataset = new StoreLocation.Folder(folder.resolve("dataset"));

        assertThat(read("{}", Map.of()).responseCache(dataset)).isPresent();
        assertThat(read("cache: false", Map.of()).responseCache(dataset)).isEmpty();
    }

    @Test
    void anUnwritableDatasetIsReportedWithARemedy() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "not a folder");

        assertThatThrownBy(() -> read("{}", Map.of()).responseCache(new StoreLocation.Folder(file.resolve("dataset"))))
                .hasMessageContaining(file.resolve("dataset").toString())
                .hasMessageContaining("--no-cache");
    }

    @Test
    void aModelWithoutAServerIsNoMockModel() {
        String remedy = ") too, or remove the model to use the mock model";
        assertThatThrownBy(() -> requireServers("generator: {model: Qwen/Qwen3-32B}"))
                .hasMessage("recipe.yaml: generator.model: Qwen/Qwen3-32B has no server; set generator.url (--model-url"
                        + remedy);
        assertThatThrownBy(() -> requireServers("judge: {model: j}"))
                .hasMessage("recipe.yaml: judge.model: j has no server; set judge.url (--judge-url" + remedy);
        assertThatThrownBy(() -> requireServers("generator: {model: g}\njudge: {url: 'http://127.0.0.1:1/v1'}"))
                .hasMessageContaining("generator.model: g has no server");

        requireServers("{}");
        requireServers("generator: {model: mock-model}");
        requireServers("generator: {model: g, url: 'http://127.0.0.1:1/v1'}\njudge: {model: j}");
        assertThat(read("generator: {model: g}", Map.of()).generator().model())
                .as("a command that calls no model needs no server")
                .isEqualTo("g");
    }

    private void requireServers(String yaml) {
        Recipe recipe = Recipe.parse("recipe.yaml", folder, yaml);
        WorkerSettings.read(recipe, Map.of()).requireServers(recipe);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "judge: {threshold: 11} | judge.threshold",
                "judge: {threshold: -0.5} | judge.threshold",
                "judge: {votes: 0} | judge.votes",
                "generator: {samples: 0} | generator.samples",
                "generator: {attempts: 0} | generator.attempts",
                "generator: {concurrency: 8001} | generator.concurrency",
                "generator: {temperature: hot} | generator.temperature",
                "generator: {top_p: 0} | generator.top_p",
                "generator: {url: 'ftp://127.0.0.1/v1'} | generator.url",
                "generator: {url: 'nowhere'} | generator.url",
                "generator: {extra: [top_k]} | generator.extra",
                "judge: {extra: fast} | judge.extra",
                "generator: {call_timeout: soon} | generator.call_timeout",
                "judge: {theshold: 8} | judge.theshold",
                "generator: {endpoints: {'http://127.0.0.1:8000/v1': 0}} | generator.endpoints",
                "generator: {endpoints: {'nowhere': 1}} | generator.endpoints",
                "generator: {url: 'http://a/v1', endpoints: {'http://b/v1': 1}} | generator.url",
                "generator: {price: {prompt: 1}} | generator.price.completion",
                "generator: {price: {cached: 1}} | generator.price.cached",
                "judge: {price: {reasoning: 1}} | judge.price.reasoning",
                "generator: {price: {prompt: -1, completion: 1}} | generator.price.prompt",
                "judge: {tokens_per_minute: 0} | judge.tokens_per_minute",
                "judge: {canaries: {file: []}} | judge.canaries.file",
                "judge: {canaries: {file: a.jsonl, every: 0}} | judge.canaries.every",
                "judge: {canaries: {files: a.jsonl}} | judge.canaries.files",
                "judge: {canaries: a.jsonl} | judge.canaries",
                "cache: sometimes | cache",
            })
    void anInvalidValueIsReportedWithItsKey(String yaml, String key) {
        assertThatThrownBy(() -> read(yaml, Map.of())).hasMessageContaining(key);
    }

    private static final String PANEL = """
            generator: {model: g, url: 'http://127.0.0.1:8000/v1', price: {prompt: 1, completion: 2}}
            judge:
              max_tokens: 700
              temperature: 0.5
              concurrency: 9
              panel:
                - {model: g, votes: 2, temperature: 0}
                - model: j
                  url: http://127.0.0.1:9000/v1
                  max_tokens: 900
                  concurrency: 3
                  price: {prompt: 3, completion: 4}
                  request: {seed: false, headers: {X-Team: red}}
                  api_key_variable: OTHER_KEY
            """;

    @Test
    void aPanelHasSettingsForEachJudgeAndTheirVotes() {
        WorkerSettings settings =
                read(PANEL, Map.of("PRECEPT_MODEL_API_KEY", "key-of-generator", "OTHER_KEY", "key-of-j"));
        assertThat(settings.runParameters().getVotes()).isEqualTo(3);
        EndpointSettings first = settings.judges().judgeOf(1);
        EndpointSettings second = settings.judges().judgeOf(3);
        assertThat(settings.judges().judgeOf(2)).isSameAs(first);
        assertThat(first.weights()).containsOnlyKeys("http://127.0.0.1:8000/v1");
        assertThat(first.sampling()).isEqualTo(new Sampling(0.0, null, null, 700));
        assertThat(first.concurrency()).isEqualTo(9);
        assertThat(first.price()).as("of the same model").isEqualTo(new Price(1, 1, 2, 2));
        assertThat(first.apiKey()).isSameAs(settings.generator().apiKey());
        assertThat(first.section()).isEqualTo("judge.panel[0]");
        assertThat(second.weights()).containsOnlyKeys("http://127.0.0.1:9000/v1");
        assertThat(second.sampling()).isEqualTo(new Sampling(0.5, null, null, 900));
        assertThat(second.concurrency()).isEqualTo(3);
        assertThat(second.price()).isEqualTo(new Price(3, 3, 4, 4));
        assertThat(Objects.requireNonNull(second.apiKey()).current().reveal()).isEqualTo("key-of-j");
        assertThat(second.request().encoding().omitted()).contains("seed");
        assertThat(second.request().headers()).containsEntry("X-Team", "red");
    }

    @Test
    void aStoredPanelIsTheSame() {
        Recipe recipe = Recipe.parse("recipe.yaml", folder, PANEL.replace("headers: {X-Team: red}", "check: warn"));
        Map<String, String> environment = Map.of("OTHER_KEY", "key-of-j");
        WorkerSettings read = WorkerSettings.read(recipe, environment);
        WorkerSettings restored =
                WorkerSettings.read(Recipe.restore("stored", folder, recipe.effectiveJson()), environment);
        assertThat(restored.judges().judges())
                .usingRecursiveComparison()
                .ignoringFields("apiKey")
                .isEqualTo(read.judges().judges());
    }

    @Test
    void aHeaderOfAJudgeIsNotStoredWithTheRecipe() {
        Recipe recipe = Recipe.parse("recipe.yaml", folder, PANEL);
        WorkerSettings.read(recipe, Map.of("OTHER_KEY", "key-of-j"));
        assertThat(recipe.effectiveJson())
                .doesNotContain("red")
                .contains("${recipe::judge.panel[1].request.headers:X-Team}")
                .contains("http://127.0.0.1:9000/v1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{model: a, panel: [{model: b}]} | judge.panel: stands beside judge.model, which each judge of a panel has",
                "{votes: 2, url: 'http://a/v1', panel: [{model: b}]} | judge.panel: stands beside judge.url, judge.votes,",
                "{price: {prompt: 1, completion: 1}, panel: [{model: b}]} | judge.panel: stands beside judge.price,",
                "{panel: []} | judge.panel: has no entry",
                "{panel: [b]} | judge.panel: a list is not allowed; give a list of mappings",
                "{panel: [{votes: 2}]} | judge.panel[0].model: is missing",
                "{panel: [{model: b}, {model: b}]} | judge.panel[1].model: b is in the panel twice",
                "{panel: [{model: b, votes: 0}]} | judge.panel[0].votes: 0 is not allowed",
                "{panel: [{model: b, votes: 30}, {model: c, votes: 3}]} | judge.panel: has 33 votes; at most 32",
                "{panel: [{model: b, layout: paper}]} | judge.panel[0].layout: unknown key; did you mean",
                "{panel: [{model: b, request: {sed: false}}]} | judge.panel[0].request.sed: unknown key",
                "{panel: [{model: b, price: {prompt: 1}}]} | judge.panel[0].price.completion: set both prices",
                "{panel: [{model: b, url: nowhere}]} | judge.panel[0].url",
                "{panel: [{model: b, api_key_variable: NO_KEY}]} | judge.panel[0].api_key_variable: the environment variable NO_KEY is not set",
            })
    void aPanelThatCannotBeIsReportedInOneLine(String judge, String problem) {
        assertThatThrownBy(() -> read("judge: " + judge, Map.of()))
                .hasMessageStartingWith("recipe.yaml: " + problem)
                .hasMessageNotContaining("\n");
    }

    @Test
    void aKeyIsSentToOneServerOnly() {
        Map<String, String> key = Map.of("PRECEPT_JUDGE_API_KEY", "secret");
        String one =
                "judge: {panel: [{model: a, url: 'http://127.0.0.1:1/v1'}, {model: b, url: 'http://127.0.0.1:%d/v1'}]}";
        assertThat(read(one.formatted(1), key).judges().judges())
                .allSatisfy(judge -> assertThat(judge.apiKey()).isNotNull());
        assertThatThrownBy(() -> read(one.formatted(2), key))
                .hasMessageContaining(
                        "judge.panel: PRECEPT_JUDGE_API_KEY is set, and the judges are at several servers");
        assertThat(read(one.formatted(2), Map.of()).judges().judges())
                .allSatisfy(judge -> assertThat(judge.apiKey()).isNull());
    }

    @Test
    void aJudgeOfAPanelWithoutAServerIsNoMockModel() {
        assertThatThrownBy(() -> requireServers("judge: {panel: [{model: j}]}"))
                .hasMessage(
                        "recipe.yaml: judge.panel[0].model: j has no server; set judge.panel[0].url too, or remove the"
                                + " model to use the mock model");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "precept | correctness, helpfulness, compliance, reasoning | true",
                "paper | `` | true",
                "[star-1] | safety_compliance, policy_relevance, reasoning_accuracy | false",
                "['kind: The answer is kind.'] | kind | false",
                "[{kind: The answer is kind.}, {rigour: 'Yes: no step is left out.'}] | kind, rigour | false",
                "[{name: kind, text: It is kind.}, {overall: The lowest one.}] | kind | true",
            })
    void criteriaAreOnesOfASetOrOfTheUser(String yaml, String names, boolean overall) {
        Criteria criteria = criteria(yaml);
        assertThat(criteria.criteria().stream().map(Criteria.Criterion::name).collect(Collectors.joining(", ")))
                .isEqualTo(names);
        assertThat(criteria.overall().isPresent()).isEqualTo(overall);
    }

    @Test
    void aCriterionIsAboutTheAnswerOrTheReasoning() {
        assertThat(criteria("[{name: a, text: A., about: reasoning}, {name: b, text: B.}, {c: C.}]")
                        .criteria())
                .extracting(Criteria.Criterion::kind)
                .containsExactly(Criteria.Kind.PROCESS, Criteria.Kind.OUTCOME, Criteria.Kind.OUTCOME);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "star1 | judge.criteria[0]: 'star1' is not allowed; give one of precept, paper, star-1, or a criterion as in",
                "[] | judge.criteria: has no criterion",
                "[{name: a}] | judge.criteria[0]: needs a sentence that says what a high score means",
                "[{a b: It is.}] | judge.criteria[0]: the name 'a b' is not allowed",
                "[{a: It is.}, {a: It was.}] | judge.criteria[1]: a second criterion 'a'; give one",
                "[{name: a, text: It is., abut: answer}] | judge.criteria[0]: unknown key 'abut'; known are name, text, about",
                "[{name: a, text: It is., about: style}] | judge.criteria[0]: about 'style' is not allowed",
            })
    void criteriaThatCannotBeAreReportedInOneLine(String yaml, String problem) {
        assertThatThrownBy(() -> criteria(yaml))
                .hasMessageStartingWith("recipe.yaml: " + problem)
                .hasMessageNotContaining("\n");
    }

    private Criteria criteria(String yaml) {
        return read("judge: {criteria: " + yaml + "}", Map.of())
                .judges()
                .judgeOf(1)
                .prompt()
                .criteria();
    }

    private WorkerSettings read(String yaml, Map<String, String> environment) {
        Recipe recipe = Recipe.parse("recipe.yaml", folder, yaml);
        WorkerSettings settings = WorkerSettings.read(recipe, environment);
        recipe.rejectUnknownKeys();
        recipe.throwProblems();
        return settings;
    }
}
