package dev.precept.benchmarks.client;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.precept.benchmarks.process.ChildProtocol;
import dev.precept.benchmarks.process.HeapUsage;
import dev.precept.model.ChatMessage;
import dev.precept.model.ChatRequest;
import dev.precept.model.MessageContent;
import dev.precept.model.ModelCallException;
import dev.precept.model.PreEncodedText;
import dev.precept.model.Reply;
import dev.precept.model.Sampling;
import dev.precept.model.openai.Endpoint;
import dev.precept.model.openai.OpenAiChatModel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The baseline client: virtual threads that each make one call after another, without Kafka. Arguments:
 * {@code URL CONCURRENCY CALLS SPEC-FOLDER BODY-BYTES}.
 */
public final class ClosedLoopClient {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final int MAX_TOKENS = 4_096;
    private static final int ENVELOPE_BYTES = 130;
    private static final double TEMPERATURE = 0.6;

    private final OpenAiChatModel model;
    private final long calls;
    private final PreEncodedText excerpt;
    private final String rules;
    private final AtomicLong next = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();

    private ClosedLoopClient(String url, long calls, String excerpt, String rules) {
        this.model = new OpenAiChatModel(new Endpoint(url, null));
        this.calls = calls;
        this.excerpt = new PreEncodedText(excerpt);
        this.rules = rules;
    }

    public static void main(String[] args) {
        String excerpt = BenchmarkInput.read(Path.of(args[3])).excerpt();
        // Padding of the length that the worker's template adds.
        int padding = Integer.parseInt(args[4]) - bytes(excerpt);
        ClosedLoopClient loop =
                new ClosedLoopClient(args[0], Long.parseLong(args[2]), excerpt, "x".repeat(Math.max(0, padding)));
        int concurrency = Integer.parseInt(args[1]);
        ChildProtocol.send("ready", concurrency);
        ChildProtocol.handle(Map.of("go", () -> loop.start(concurrency), "live", HeapUsage::sendLive));
    }

    /** Size of a body without rules: prompt and excerpt as JSON, and the envelope. */
    private static int bytes(String excerpt) {
        String content = BenchmarkInput.prompt(1) + "\n" + excerpt + "\n";
        return ENVELOPE_BYTES + JsonStringEncoder.getInstance().quoteAsUTF8(content).length;
    }

    private void start(int concurrency) {
        for (int i = 0; i < concurrency; i++) {
            Thread.ofVirtual().start(this::loop);
        }
    }

    private void loop() {
        try {
            for (long n = next.incrementAndGet(); n <= calls; n = next.incrementAndGet()) {
                try {
                    Reply reply = model.complete(request(n));
                    if (!(reply instanceof Reply.Answered)) {
                        throw new IllegalStateException("unexpected reply: " + reply);
                    }
                } catch (ModelCallException.Unavailable poisoned) {
                    failed.incrementAndGet(); // the server counts it too; a loop without such requests has none
                }
            }
            if (failed.get() > calls / 2) {
                throw new IllegalStateException(failed + " of " + calls + " calls failed");
            }
        } catch (ModelCallException | InterruptedException | RuntimeException e) {
            ChildProtocol.fail(e);
        }
    }

    private ChatRequest request(long n) {
        return new ChatRequest(
                "benchmark",
                List.of(ChatMessage.user(MessageContent.of(BenchmarkInput.prompt(n) + "\n", excerpt, "\n" + rules))),
                null,
                new Sampling(TEMPERATURE, null, null, MAX_TOKENS),
                null,
                n,
                TIMEOUT);
    }
}
