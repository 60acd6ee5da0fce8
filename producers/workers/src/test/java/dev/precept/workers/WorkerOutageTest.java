package dev.precept.workers;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.precept.judging.EndpointSettings;
import dev.precept.judging.ScriptedModel;
import dev.precept.kafka.CompactedTopic;
import dev.precept.kafka.EmbeddedBroker;
import dev.precept.model.Sampling;
import dev.precept.model.Secret;
import dev.precept.model.pricing.Price;
import dev.precept.model.resilience.RateLimits;
import dev.precept.records.Candidate;
import dev.precept.records.Completion;
import dev.precept.runtime.Membership;
import dev.precept.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server that refuses everybody for a while, that dies, or that becomes smaller: every task is answered at its first
 * attempt, the worker says what it waits for, and the server is as full as before soon after it is back.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class WorkerOutageTest {
    private static final int PLACES = 64;
    private static final Duration CALL = Duration.ofMillis(60);

    @TempDir
    static Path brokerFolder;

    @TempDir
    Path folder;

    private static EmbeddedBroker broker;

    private final ResizableServer server = new ResizableServer();

    @SuppressWarnings("NullAway.Init")
    private TestTopics topics;

    @SuppressWarnings("NullAway.Init")
    private WorkerApp<?, ?> worker;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start(brokerFolder, 0);
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void begin(TestInfo test) throws Exception {
        topics = TestTopics.make(
                broker, folder, test.getTestMethod().orElseThrow().getName());
        server.start(0);
    }

    @AfterEach
    void end() {
        worker.close();
        server.stop();
    }

    @Test
    void aServerThatRefusesEveryCallIsWaitedFor() throws Exception {
        int tasks = work(3_000);
        server.capacity = 0;
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> worker.readinessProblem().isPresent());
        assertThat(worker.readinessProblem().orElseThrow()).contains("answered 429");
        assertComesBackTo(PLACES, () -> server.capacity = Integer.MAX_VALUE);
        assertAllAnswered(tasks);
    }

    @Test
    void aServerThatDiesIsWaitedFor() throws Exception {
        int tasks = work(3_000);
        int port = server.stop();
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> worker.readinessProblem().isPresent());
        assertThat(worker.readinessProblem().orElseThrow()).contains("is unreachable");
        assertComesBackTo(PLACES, () -> server.start(port));
        assertAllAnswered(tasks);
    }

    @Test
    void aServerThatBecomesHalfAsLargeIsKeptAsFullAsItIsAndGrowsBack() throws Exception {
        int tasks = work(4_000);
        server.capacity = PLACES / 2;
        long answered = server.answered.get();
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> server.answered.get() > answered + 1_000);
        assertThat(worker.readinessProblem()).isEmpty();
        assertThat(worker.callsInFlight()).isLessThan(PLACES);
        assertComesBackTo(PLACES, () -> server.capacity = Integer.MAX_VALUE);
        assertAllAnswered(tasks);
    }

    /** Publishes tasks and starts a worker on them; returns once the server is full. */
    private int work(int tasks) throws Exception {
        topics.publishTasks(tasks);
        worker = WorkerApp.generator(
                new WorkerContext(
                        topics.kafka(),
                        TestTopics.RUN,
                        Membership.staticMember(0),
                        WorkerContext.SHORT_DRAIN,
                        new Secret("01"),
                        Optional.empty(),
                        new SimpleMeterRegistry()),
                new EndpointSettings(
                        Map.of(server.url(), 1),
                        "moody",
                        PLACES,
                        Duration.ofSeconds(10),
                        null,
                        new Sampling(null, null, null, 512),
                        RateLimits.UNLIMITED,
                        Price.FREE));
        worker.start();
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> server.now.get() >= PLACES);
        return tasks;
    }

    private void assertComesBackTo(int places, Runnable recovery) {
        long began = System.nanoTime();
        recovery.run();
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> server.now.get() >= places * 0.9);
        System.out.println("as full as before after "
                + Duration.ofNanos(System.nanoTime() - began).toMillis() + " ms");
        assertThat(worker.readinessProblem()).isEmpty();
    }

    private void assertAllAnswered(int tasks) {
        try (CompactedTopic<Candidate> candidates = new CompactedTopic<>(topics.kafka(), Topics.CANDIDATES)) {
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> candidates.readToEnd().size() == tasks);
            assertThat(candidates.readToEnd().values()).allSatisfy(candidate -> {
                assertThat(candidate.getOutcome()).isInstanceOf(Completion.class);
                assertThat(candidate.getTask().getRef().getAttempt()).isEqualTo(1);
            });
        }
        assertThat(worker.failure()).isEmpty();
    }

    /** A server that answers well, up to a capacity that a test changes, and that can be stopped and started again. */
    private static final class ResizableServer {
        private static final byte[] ANSWER =
                ScriptedModel.ScriptedReply.completion("[kind]", "Yes.").body().getBytes(StandardCharsets.UTF_8);

        private final AtomicInteger now = new AtomicInteger();
        private final AtomicLong answered = new AtomicLong();
        private volatile int capacity = Integer.MAX_VALUE;

        @SuppressWarnings("NullAway.Init")
        private HttpServer server;

        void start(int port) {
            try {
                server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 1_000);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/v1/chat/completions", this::answer);
            server.start();
        }

        String url() {
            return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
        }

        /** The port that is free now. */
        int stop() {
            int port = server.getAddress().getPort();
            server.stop(0);
            return port;
        }

        private void answer(HttpExchange exchange) throws IOException {
            exchange.getRequestBody().readAllBytes();
            int places = now.incrementAndGet();
            try (exchange) {
                if (places > capacity) {
                    exchange.sendResponseHeaders(429, -1);
                    return;
                }
                LockSupport.parkNanos(CALL.toNanos());
                exchange.getResponseHeaders().add("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, ANSWER.length);
                exchange.getResponseBody().write(ANSWER);
                answered.incrementAndGet();
            } finally {
                now.decrementAndGet();
            }
        }
    }
}
