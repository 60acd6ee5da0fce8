package dev.precept.benchmarks.client;

import dev.precept.benchmarks.process.ChildProtocol;
import dev.precept.kafka.EmbeddedBroker;
import java.nio.file.Path;
import java.util.Map;

/** The embedded broker in a process of its own, so that neither its memory nor its CPU counts for a worker: {@code FOLDER}. */
public final class BrokerProcess {
    private BrokerProcess() {}

    public static void main(String[] args) {
        ChildProtocol.obey(Map.of());
        ChildProtocol.say("address", EmbeddedBroker.start(Path.of(args[0]), 0).address());
    }
}
