package dev.precept.judging;

import dev.precept.model.ModelCallException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Makes several calls of one task at a time. The permit of the task belongs to the thread that handles it, so that the calls
 * wait here: the task is parked while all of its calls that have not ended wait. Thread-safe.
 */
final class JointParking implements Parking {
    private final int calls;
    private final Parking task;
    private int ended;
    private int waiting;
    /** The task holds no permit. */
    private boolean parked;

    private JointParking(int calls, Parking task) {
        this.calls = calls;
        this.task = task;
    }

    /** A call of a task. */
    @FunctionalInterface
    interface Call<R> {
        R make(Parking parking) throws InterruptedException;
    }

    /**
     * Returns the results of all calls, in order.
     *
     * @param parking of the task
     * @throws InterruptedException if the task is interrupted, and its calls then too, or if one of the calls was
     */
    static <R> List<R> make(List<Call<R>> calls, Parking parking) throws InterruptedException {
        JointParking joint = new JointParking(calls.size(), parking);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<R>> futures = new ArrayList<>();
            for (Call<R> call : calls) {
                futures.add(threads.submit(() -> {
                    try {
                        return call.make(joint);
                    } finally {
                        joint.ended();
                    }
                }));
            }
            try {
                while (joint.awaitAllWaiting()) {
                    parking.park(joint::awaitOneReady);
                    joint.resume();
                }
                return results(futures);
            } catch (InterruptedException | RuntimeException | Error e) {
                threads.shutdownNow(); // a call that waits for the permit would wait for ever
                throw e;
            }
        }
    }

    private static <R> List<R> results(List<Future<R>> futures) throws InterruptedException {
        List<R> results = new ArrayList<>();
        for (Future<R> future : futures) {
            try {
                results.add(future.get());
            } catch (ExecutionException e) {
                switch (e.getCause()) {
                    case InterruptedException interrupted -> throw interrupted;
                    case RuntimeException failure -> throw failure;
                    case Error error -> throw error;
                    case null, default -> throw new IllegalStateException("a call ended with " + e.getCause(), e);
                }
            }
        }
        return results;
    }

    @Override
    public void park(Wait wait) throws InterruptedException {
        changeWaiting(1);
        try {
            wait.await();
        } finally {
            changeWaiting(-1);
        }
        awaitPermit();
    }

    @Override
    public void callFailed(ModelCallException cause) {
        task.callFailed(cause);
    }

    private synchronized void changeWaiting(int by) {
        waiting += by;
        notifyAll();
    }

    private synchronized void awaitPermit() throws InterruptedException {
        while (parked) {
            wait();
        }
    }

    private synchronized void ended() {
        ended++;
        notifyAll();
    }

    /** Returns whether there are calls left, once all of them wait. */
    private synchronized boolean awaitAllWaiting() throws InterruptedException {
        while (ended < calls && waiting < calls - ended) {
            wait();
        }
        parked = ended < calls;
        return parked;
    }

    private synchronized void awaitOneReady() throws InterruptedException {
        while (ended < calls && waiting == calls - ended) {
            wait();
        }
    }

    private synchronized void resume() {
        parked = false;
        notifyAll();
    }
}
