package dev.precept.judging;

import java.time.Duration;

/** Sleeps; tests replace it to skip the wait. */
@FunctionalInterface
interface Sleeper {
    Sleeper THREAD = duration -> Thread.sleep(duration);

    void sleep(Duration duration) throws InterruptedException;
}
