package dev.precept.judging.withhold;

import dev.precept.judging.Parking;
import dev.precept.judging.TaskHandler;
import dev.precept.judging.UndecidedCallException;
import dev.precept.records.Failure;
import dev.precept.schemas.Topic;
import java.time.Duration;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles tasks, and holds back results while nearly all of them fail for one reason that may lie in the settings. If a
 * control task with harmless content fails alike, the role stops and none of the held results is published: their slots
 * stay open. Otherwise the prompts are the cause, and all are published; see decision 32. Thread-safe.
 */
public final class WithholdingHandler<T extends SpecificRecord, R extends SpecificRecord> implements TaskHandler<T, R> {
    private static final Logger log = LoggerFactory.getLogger(WithholdingHandler.class);
    private static final Duration IDLE = Duration.ofSeconds(1);

    private final TaskHandler<T, R> tasks;
    private final TaskHandler<T, R> controls;
    private final AttemptKind<T, R> kind;
    private final WithheldResults withheld;

    /** @param controls handles control tasks: one call, without a cache; throws {@link UndecidedCallException} if it fails */
    public WithholdingHandler(TaskHandler<T, R> tasks, TaskHandler<T, R> controls, AttemptKind<T, R> kind) {
        this(tasks, controls, kind, IDLE);
    }

    WithholdingHandler(TaskHandler<T, R> tasks, TaskHandler<T, R> controls, AttemptKind<T, R> kind, Duration idle) {
        this.tasks = tasks;
        this.controls = controls;
        this.kind = kind;
        this.withheld = new WithheldResults(kind::dependsOnContent, kind.remedy(), idle);
    }

    @Override
    public String name() {
        return tasks.name();
    }

    @Override
    public Topic<T> taskTopic() {
        return tasks.taskTopic();
    }

    @Override
    public Topic<R> resultTopic() {
        return tasks.resultTopic();
    }

    @Override
    public R failed(T task, String detail) {
        return tasks.failed(task, detail);
    }

    /** Results that are held back. */
    public int held() {
        return withheld.held();
    }

    /** Why the role stops; empty while it goes on. */
    public Optional<CommonFailureException> stop() {
        return withheld.stop();
    }

    @Override
    public R handle(T task, Parking parking) throws InterruptedException {
        withheld.begin();
        R result;
        try {
            result = tasks.handle(task, parking);
        } catch (InterruptedException | RuntimeException | Error e) {
            withheld.abandon();
            throw e;
        }
        long decision = withheld.record(kind.requestFailure(result).orElse(null));
        if (decision >= 0) {
            parking.park(() -> awaitDecision(task, decision));
        }
        return result;
    }

    private void awaitDecision(T task, long decision) throws InterruptedException {
        while (!withheld.await(decision)) {
            WithheldResults.Control control = WithheldResults.Control.UNDECIDED;
            try {
                control = runControl(task);
            } finally {
                withheld.controlled(control);
            }
        }
    }

    private WithheldResults.Control runControl(T task) throws InterruptedException {
        Failure common = withheld.latest();
        try {
            Optional<Failure> failure = kind.requestFailure(controls.handle(kind.control(task), Parking.NONE));
            boolean alike = failure.isPresent() && failure.get().getReason() == common.getReason();
            log.atWarn()
                    .addKeyValue("reason", common.getReason())
                    .addKeyValue("harmless prompt", alike ? "fails alike" : "does not fail so")
                    .log("attempts fail alike");
            return alike ? WithheldResults.Control.FAILED_ALIKE : WithheldResults.Control.DIFFERENT;
        } catch (RuntimeException e) {
            log.atWarn().addKeyValue("cause", String.valueOf(e.getMessage())).log("control task failed; repeating it");
            return WithheldResults.Control.UNDECIDED;
        }
    }
}
