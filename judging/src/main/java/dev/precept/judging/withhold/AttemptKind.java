package dev.precept.judging.withhold;

import dev.precept.records.Failure;
import dev.precept.records.Reason;
import java.util.Optional;

/**
 * What the results of a role tell about its requests.
 *
 * @param <T> task
 * @param <R> result
 */
public sealed interface AttemptKind<T, R> permits GenerationAttempts, JudgingAttempts {
    /** Why an attempt failed, if the reason may lie in how requests are made; empty for any other result. */
    Optional<Failure> requestFailure(R result);

    /** A task like this one with harmless content: same specification, settings and template. */
    T control(T task);

    /** Whether a control task tells nothing about a reason, because its content is shorter or simpler than real content. */
    boolean dependsOnContent(Reason reason);

    /** What the operator may change. */
    String remedy();
}
