package dev.precept.judging;

import java.time.Duration;

/** Waiting, as a thing that can be replaced where time must not pass. */
@FunctionalInterface
public interface Sleeper {
    Sleeper THREAD = duration -> Thread.sleep(duration);

    void sleep(Duration duration) throws InterruptedException;
}
