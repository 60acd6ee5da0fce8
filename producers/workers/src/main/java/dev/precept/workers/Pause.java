package dev.precept.workers;

import java.time.Duration;

/** Waiting, as a thing that can be replaced where time must not pass. */
@FunctionalInterface
interface Pause {
    Pause SLEEP = duration -> Thread.sleep(duration);

    void of(Duration duration) throws InterruptedException;
}
