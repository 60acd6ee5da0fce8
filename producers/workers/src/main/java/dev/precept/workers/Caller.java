package dev.precept.workers;

import dev.precept.model.Backoff;
import dev.precept.model.CallFailed;
import dev.precept.model.ChatModel;
import dev.precept.model.ChatRequest;
import dev.precept.model.Reply;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one call until the endpoint has answered it. An endpoint that is down, busy or late is waited for without end and
 * costs no attempt; only a request that is late three times in a row, while others are answered, is given up.
 */
final class Caller {
    private static final Logger log = LoggerFactory.getLogger(Caller.class);
    private static final int TIMEOUTS_IN_A_ROW = 3;

    private final ChatModel model;
    private final Backoff backoff;
    private final Pause pause;
    private final Expenses expenses;
    private final AtomicLong answered = new AtomicLong();

    Caller(ChatModel model, Backoff backoff, Pause pause, Expenses expenses) {
        this.model = model;
        this.backoff = backoff;
        this.pause = pause;
        this.expenses = expenses;
    }

    /** @return empty if this request alone times out */
    Optional<Reply> call(ChatRequest request, String slotId) throws InterruptedException {
        int failures = 0;
        int timeouts = 0;
        long answeredBefore = answered.get();
        while (true) {
            try {
                Reply reply = model.complete(request);
                answered.incrementAndGet();
                expenses.add(reply);
                return Optional.of(reply);
            } catch (CallFailed failed) {
                expenses.add(failed);
                failures++;
                timeouts = failed instanceof CallFailed.TimedOut ? timeouts + 1 : 0;
                if (timeouts >= TIMEOUTS_IN_A_ROW && answered.get() > answeredBefore) {
                    return Optional.empty();
                }
                report(failed, slotId, failures);
                pause.of(backoff.next(failures, failed.retryAfter()));
            }
        }
    }

    private static void report(CallFailed failed, String slotId, int failures) {
        var event = failed instanceof CallFailed.Misconfigured ? log.atError() : log.atWarn();
        event.addKeyValue("slot", slotId)
                .addKeyValue("failures", failures)
                .addKeyValue("cause", failed.getMessage())
                .log("a call failed and will be made again");
    }
}
