package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.precept.cli.run.RecipeFile;
import dev.precept.cli.run.Roles;
import dev.precept.cli.run.RunRecipe;
import dev.precept.config.Recipe;
import dev.precept.dataset.Dataset;
import dev.precept.kafka.DatasetTopics;
import dev.precept.kafka.EmbeddedBroker;
import dev.precept.kafka.Grants.Role;
import dev.precept.kafka.KafkaAccess;
import dev.precept.model.mock.FaultInjection;
import dev.precept.model.mock.MockModelServer;
import dev.precept.runtime.App;
import dev.precept.runtime.Membership;
import dev.precept.runtime.WorkFolder;
import dev.precept.runtime.metrics.MetricsServer;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every metric that alerts, dashboards and scalers query (the list in deploy) is served by a role with its labels, in a
 * whole run with one metrics page per role.
 */
@Tag("slow")
class RoleMetricsTest {
    private static final Path ROOT =
            Path.of(System.getProperty("precept.root", ".")).toAbsolutePath();
    private static final Path LIST = ROOT.resolve("deploy/src/test/resources/dev/precept/deploy/metrics.txt");
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path folder;

    private static final Deque<AutoCloseable> open = new ArrayDeque<>();
    private static final Map<Role, MetricsServer> pages = new EnumMap<>(Role.class);
    private static final List<String> refused = new CopyOnWriteArrayList<>();

    @SuppressWarnings("NullAway.Init")
    private static List<MetricsScrape> scraped;

    @BeforeAll
    static void runAllRoles() throws Exception {
        MockModelServer model =
                kept(MockModelServer.start(0, FaultInjection.none().with(FaultInjection.Kind.SERVER_ERROR, 0.05)));
        EmbeddedBroker broker = kept(EmbeddedBroker.start(folder.resolve("kafka"), 0));
        Recipe asked = RecipeFile.read(Files.writeString(folder.resolve("recipe.yaml"), recipe(model, broker)));
        RunRecipe read = RunRecipe.read(asked, Map.of());
        KafkaAccess kafka = read.deploymentSettings().access();
        DatasetTopics.ensure(kafka, (short) 1);

        App prompts = start(Role.PROMPTS, asked, read, kafka);
        await("prompts").atMost(PATIENCE).until(prompts::isFinished);
        start(Role.STREAMS, asked, read, kafka);
        start(Role.SINK, asked, read, kafka);
        // No worker is started yet, so slots are open.
        await("open slots")
                .atMost(PATIENCE)
                .until(() -> page(Role.STREAMS)
                        .named("precept_slots")
                        .anyMatch(one -> one.labels().containsKey("state") && one.value() > 0));
        MetricsScrape started = page(Role.STREAMS);
        start(Role.JUDGE, asked, read, kafka);
        start(Role.GENERATOR, asked, read, kafka);
        await("the end of the run")
                .atMost(PATIENCE)
                .until(() -> Dataset.openExisting(folder.resolve("dataset")).isComplete("watched"));
        poison(kafka, Topics.PROMPTS, Topics.GENERATION_TASKS, Topics.JUDGING_TASKS, Topics.SAMPLES);
        await("dead letters and the final progress")
                .atMost(PATIENCE)
                .until(() -> page(Role.SINK).sum("precept_dead_letters_total") == 1
                        && page(Role.STREAMS).sum("precept_dead_letters_total") == 1
                        && page(Role.JUDGE).sum("precept_dead_letters_total") == 1
                        && page(Role.GENERATOR).sum("precept_dead_letters_total") == 1
                        && page(Role.SINK).sum("precept_sink_commit_age_seconds") == 0
                        && page(Role.STREAMS).sum("precept_run_complete") == 1);
        scraped = new ArrayList<>();
        for (Role role : pages.keySet()) {
            scraped.add(page(role));
        }
        scraped.add(started);
    }

    @AfterAll
    static void close() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    @Test
    void everyQueriedMetricIsServedWithItsLabels() throws IOException {
        List<String> missing = new ArrayList<>();
        int found = 0;
        for (String line : Files.readAllLines(LIST)) {
            String[] words = line.split(" ");
            if (line.startsWith("#") || !(words[1].equals("precept") || words[1].equals("jvm"))) {
                continue;
            }
            Set<String> labels = new HashSet<>();
            scraped.forEach(page -> page.named(words[0])
                    .forEach(one -> labels.addAll(one.labels().keySet())));
            Set<String> asked = words.length < 3 ? Set.of() : new TreeSet<>(Arrays.asList(words[2].split(",")));
            if (scraped.stream()
                    .noneMatch(page -> page.named(words[0]).findAny().isPresent())) {
                missing.add(words[0]);
            } else if (!labels.containsAll(asked)) {
                asked.removeAll(labels);
                missing.add(words[0] + asked);
            }
            found++;
        }
        assertThat(missing).isEmpty();
        assertThat(found).isPositive();
        System.out.println(found + " meters were found on the pages of " + pages.size() + " roles, with their labels");
    }

    @Test
    void noMeterIsRefusedOrReportedTwice() {
        assertThat(refused).isEmpty();
        assertThat(scraped).allSatisfy(page -> {
            assertThat(page.families()).as(page.role()).doesNotHaveDuplicates();
            assertThat(page.series().stream()
                            .map(one -> one.name() + one.labels())
                            .toList())
                    .as(page.role())
                    .doesNotHaveDuplicates();
        });
    }

    @Test
    void everySeriesHasARunAndARoleLabel() {
        assertThat(scraped)
                .allSatisfy(page -> assertThat(page.series())
                        .allMatch(one -> "watched".equals(one.labels().get("run")))
                        // The streams role reports the spend of other roles.
                        .allMatch(one -> one.name().equals("precept_spend_usd")
                                || page.role().equals(one.labels().get("role"))));
    }

    @Test
    void valuesMatchTheRun() {
        MetricsScrape streams = scrapeOf(Role.STREAMS);
        MetricsScrape sink = scrapeOf(Role.SINK);
        MetricsScrape generator = scrapeOf(Role.GENERATOR);
        double slots = streams.sum("precept_slots");
        assertThat(slots).isGreaterThanOrEqualTo(114);
        assertThat(streams.sum("precept_slots", "outcome", "accepted")).isBetween(50.0, slots);
        assertThat(streams.sum("precept_slots", "outcome", "rejected")).isPositive();
        assertThat(streams.sum("precept_budget_usd")).isEqualTo(100);
        assertThat(streams.sum("precept_spend_usd", "role", "generator")).isPositive();
        assertThat(streams.sum("precept_streams_restoring_records")).isZero();
        assertThat(streams.sum("precept_dead_letters_total", "step", "intake")).isEqualTo(1);
        assertThat(sink.sum("precept_dead_letters_total", "step", "sink")).isEqualTo(1);
        assertThat(sink.sum("precept_sink_commits_total")).isPositive();
        assertThat(sink.named("precept_sink_lag_records")).hasSize(4).allMatch(one -> one.value() == 0);
        assertThat(sink.sum("precept_sink_spool_bytes")).isZero();
        assertThat(generator.sum("precept_endpoint_limit")).isPositive();
        assertThat(generator.sum("precept_endpoint_in_flight")).isZero();
        assertThat(generator.sum("precept_endpoint_breaker_open")).isZero();
        MetricsScrape judge = scrapeOf(Role.JUDGE);
        assertThat(judge.sum("precept_canaries_total", "outcome", "turned_away"))
                .isPositive();
        assertThat(judge.sum("precept_canaries_total", "outcome", "kept")).isPositive();
        double calls = generator.sum("gen_ai_client_operation_duration_seconds_count");
        double failed = generator.sum("gen_ai_client_operation_duration_seconds_count", "error_type", "unavailable");
        assertThat(failed).isPositive().isLessThan(calls);
        assertThat(generator.sum("gen_ai_client_token_usage_count", "gen_ai_token_type", "output"))
                .isBetween(1.0, calls - failed);
    }

    private static MetricsScrape scrapeOf(Role role) {
        return scraped.stream()
                .filter(page -> page.role().equals(name(role)))
                .findFirst()
                .orElseThrow();
    }

    private static <T extends AutoCloseable> T kept(T part) {
        open.push(part);
        return part;
    }

    private static String name(Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }

    private static App start(Role role, Recipe asked, RunRecipe read, KafkaAccess kafka) throws InterruptedException {
        MetricsServer page =
                kept(MetricsServer.open("127.0.0.1", 0, Optional::empty, WorkerCommand.labels(read, name(role))));
        page.meters().config().onMeterRegistrationFailed((id, why) -> refused.add(id + ": " + why));
        WorkFolder work = new WorkFolder(folder.resolve(name(role)));
        work.prepare();
        Roles roles =
                Roles.standalone(asked, read, kafka, Membership.staticMember(0), work, Optional.of(page.meters()));
        App app = kept(roles.app(role));
        app.start();
        pages.put(role, page);
        return app;
    }

    private static MetricsScrape page(Role role) {
        MetricsServer page = pages.get(role);
        if (page == null) {
            throw new IllegalStateException(role + " is not started");
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(page.url() + "/metrics")).build();
            return MetricsScrape.of(
                    name(role),
                    client.send(request, HttpResponse.BodyHandlers.ofString()).body());
        } catch (IOException e) {
            throw new AssertionError("the page of " + role + " cannot be read", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("stopped", e);
        }
    }

    /** Writes one undecodable record to each topic. */
    private static void poison(KafkaAccess kafka, Topic<?>... topics) throws Exception {
        try (Producer<String, byte[]> producer = new KafkaProducer<>(
                kafka.clientSettings("stranger"), new StringSerializer(), new ByteArraySerializer())) {
            for (Topic<?> topic : topics) {
                producer.send(new ProducerRecord<>(kafka.namespace().name(topic), "a", new byte[] {1, 2, 3}))
                        .get();
            }
        }
    }

    private static String recipe(MockModelServer model, EmbeddedBroker broker) {
        return "run: watched\n"
                + "dataset: " + folder.resolve("dataset") + "\n"
                + "prompts: {files: [" + ROOT.resolve("starter/prompts/starter.jsonl") + "]}\n"
                + "spec: " + ROOT.resolve("starter/spec") + "\n"
                + "topics: {prefix: precept, partitions: 2, replication: 1}\n"
                + "generator: {url: '" + model.url() + "', price: {prompt: 1, completion: 10}}\n"
                + "judge: {canaries: {file: " + ROOT.resolve("deploy/k8s/overlays/local/canaries.jsonl")
                + ", every: 5}}\n"
                + "budget: {usd: 100}\n"
                + "sink: {roll_age: 500ms}\n"
                + "kafka:\n  bootstrap.servers: '" + broker.address() + "'\n"
                + "  schema.registry.url: 'file:" + folder.resolve("schemas.json") + "'\n";
    }
}
