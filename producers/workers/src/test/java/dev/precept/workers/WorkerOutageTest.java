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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server that rejects all calls, goes down, or loses capacity: every task succeeds with its first attempt, the worker
 * reports the outage, and the load returns soon after the recovery.
 */
@Tag("slow")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class WorkerOutageTest {
    private static final int CONCURRENCY = 64;
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
    void startServer(TestInfo test) throws Exception {
        topics = TestTopics.make(
                broker, folder, test.getTestMethod().orElseThrow().getName());
        server.start(0);
    }

    @AfterEach
    void stopServer() {
        worker.close();
        server.stop();
    }

    @Test
    void theWorkerWaitsForAServerThatRejectsAllCalls() throws Exception {
        int tasks = startWorker(3_000);
        server.capacity = 0;
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .until(() -> worker.readinessProblem().isPresent());
        assertThat(worker.readinessProblem().orElseThrow()).contains("answered 429");
        assertLoadReturnsTo(CONCURRENCY, () -> server.capacity = Integer.MAX_VALUE);
        assertAllAnswered(tasks);
    }

    @Test
    void theWorkerWaitsForAServerThatIsDown() throws Exception {
        int tasks = startWorker(3_000);
        int port = server.stop();
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .until(() -> worker.readinessProblem().isPresent());
        assertThat(worker.readinessProblem().orElseThrow()).contains("is unreachable");
        assertLoadReturnsTo(CONCURRENCY, () -> server.start(port));
        assertAllAnswered(tasks);
    }

    @Test
    void aServerOfHalfTheCapacityIsKeptFullUntilItRecovers() throws Exception {
        int tasks = startWorker(4_000);
        server.capacity = CONCURRENCY / 2;
        long answered = server.answered.get();
        Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> server.answered.get() > answered + 1_000);
        assertThat(worker.readinessProblem()).isEmpty();
        assertThat(worker.callsInFlight()).isLessThan(CONCURRENCY);
        assertLoadReturnsTo(CONCURRENCY, () -> server.capacity = Integer.MAX_VALUE);
        assertAllAnswered(tasks);
    }

    /** Publishes tasks and starts a worker; returns once the server is fully loaded. */
    private int startWorker(int tasks) throws Exception {
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
                        "scripted",
                        CONCURRENCY,
                        Duration.ofSeconds(10),
                        null,
                        new Sampling(null, null, null, 512),
                        RateLimits.UNLIMITED,
                        Price.FREE));
        worker.start();
        Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> server.now.get() >= CONCURRENCY);
        return tasks;
    }

    private void assertLoadReturnsTo(int concurrency, Runnable recovery) {
        long started = System.nanoTime();
        recovery.run();
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> server.now.get() >= concurrency * 0.9);
        System.out.println("fully loaded again after "
                + Duration.ofNanos(System.nanoTime() - started).toMillis() + " ms");
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

    /** A server with a capacity that a test can change, and that can be stopped and restarted. */
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

        /** @return the port, for a restart */
        int stop() {
            int port = server.getAddress().getPort();
            server.stop(0);
            return port;
        }

        private void answer(HttpExchange exchange) throws IOException {
            exchange.getRequestBody().readAllBytes();
            int inFlight = now.incrementAndGet();
            try (exchange) {
                if (inFlight > capacity) {
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
