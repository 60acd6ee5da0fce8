package dev.precept.evaluation.ask;

import dev.precept.judging.ModelAccess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Works on many items at once, each on a virtual thread of its own, until all are done or the models cannot go on: an outage
 * that is longer than the recipe allows, a key or a model that the server does not accept, a spent budget. Calls in flight
 * then complete, since they are paid.
 *
 * @param <T> the items
 */
public final class Workload<T> {
    private static final Duration POLL = Duration.ofMillis(100);
    /** Calls that fail by the settings before any is answered. */
    private static final long MISCONFIGURED = 3;
    /** Items that are tried alone, one after the other, so that what cannot work costs one call. */
    private static final int FIRST = 3;

    private final List<ModelAccess> models;
    private final Work<T> work;
    private final IntConsumer progress;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final AtomicReference<@Nullable Stopped> stopped = new AtomicReference<>();
    private final AtomicInteger done = new AtomicInteger();

    /** The work on one item. */
    public interface Work<T> {
        /** @return why the item is not done; null if it is */
        Asked.@Nullable Open doItem(T item) throws InterruptedException;
    }

    /**
     * Why the work ended before all items were tried.
     *
     * @param misconfigured whether the same command would end in the same way
     */
    public record Stopped(boolean misconfigured, String why) {}

    /** @param progress receives the number of items that are done, also while it does not change */
    public Workload(List<ModelAccess> models, Work<T> work, IntConsumer progress) {
        this.models = List.copyOf(models);
        this.work = work;
        this.progress = progress;
    }

    /**
     * Works on all items.
     *
     * @param threads items in work at once
     * @return why it ended early; empty if every item was tried
     */
    public Optional<Stopped> run(List<T> items, int threads) throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        tryFirst(items, next);
        if (stopped.get() == null) {
            inParallel(Math.min(threads, Math.max(1, items.size() - next.get())), () -> {
                int index = next.getAndIncrement();
                if (index < items.size()) {
                    doItem(items.get(index));
                }
                return index < items.size() - 1;
            });
        }
        progress.accept(done.get());
        return Optional.ofNullable(stopped.get());
    }

    /** Tries some items alone, until one is done. */
    private void tryFirst(List<T> items, AtomicInteger next) throws InterruptedException {
        List<Asked.Open> open = new ArrayList<>();
        int probes = Math.min(FIRST, items.size());
        while (open.size() == next.get() && next.get() < probes && stopped.get() == null) {
            T item = items.get(next.getAndIncrement());
            inParallel(1, () -> {
                Asked.Open left = doItem(item);
                if (left != null) {
                    open.add(left);
                }
                return false;
            });
        }
        if (open.size() == FIRST && stopped.get() == null) {
            boolean refused = open.stream().allMatch(left -> left.why() == Asked.Why.REFUSED);
            stopped.compareAndSet(
                    null,
                    refused
                            ? new Stopped(
                                    true,
                                    "the server refuses the requests: "
                                            + open.getLast().detail()
                                            + "; change the parameter, or name another model")
                            : new Stopped(
                                    false,
                                    "the first " + FIRST + " have no result: "
                                            + open.getLast().detail()));
        }
    }

    private interface Step {
        /** @return whether there may be another one */
        boolean go() throws InterruptedException;
    }

    private void inParallel(int count, Step step) throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(count);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            threads.add(Thread.ofVirtual().name("evaluation-" + i).start(() -> {
                try {
                    while (stopped.get() == null && failure.get() == null && step.go()) {}
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt(); // the work is stopped
                } catch (RuntimeException | Error e) {
                    failure.compareAndSet(null, e);
                } finally {
                    ended.countDown();
                }
            }));
        }
        while (!ended.await(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
            progress.accept(done.get());
            findEnd();
            if (stopped.get() != null || failure.get() != null) {
                models.forEach(ModelAccess::stopWaiting);
            }
            if (failure.get() != null) {
                threads.forEach(Thread::interrupt);
            }
        }
        switch (failure.get()) {
            case null -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }

    private Asked.@Nullable Open doItem(T item) throws InterruptedException {
        Asked.Open open = work.doItem(item);
        if (open == null) {
            done.incrementAndGet();
        } else if (open.why() == Asked.Why.OVER_BUDGET) {
            stopped.compareAndSet(null, new Stopped(false, open.detail()));
        }
        return open;
    }

    private void findEnd() {
        for (ModelAccess model : models) {
            model.outageFailure()
                    .ifPresent(outage -> stopped.compareAndSet(
                            null, new Stopped(false, outage + ". Run the same command again once the model answers")));
            Map<String, Long> outcomes = model.callsByOutcome();
            if (outcomes.getOrDefault("misconfigured", 0L) >= MISCONFIGURED && outcomes.size() == 1) {
                stopped.compareAndSet(
                        null,
                        new Stopped(
                                true,
                                model.lastFailure().orElse("the server accepts no call of this model or key")
                                        + "; correct the URL, the model or the key"));
            }
        }
    }
}
