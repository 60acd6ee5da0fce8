package dev.precept.streams;

import dev.precept.runtime.Attached;

/** The curation topology as a process of its own: {@code --work DIR} names the run to join. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        Attached.main(args, run -> new StreamsApp(run.kafka(), run.work().resolve("streams"), 2));
    }
}
