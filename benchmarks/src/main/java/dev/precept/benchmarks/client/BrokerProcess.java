package dev.precept.benchmarks.client;

import dev.precept.benchmarks.process.ChildProtocol;
import dev.precept.kafka.EmbeddedBroker;
import java.nio.file.Path;
import java.util.Map;

/** Runs the embedded broker in its own process, so that its memory and CPU time are not the worker's: {@code FOLDER}. */
public final class BrokerProcess {
    private BrokerProcess() {}

    public static void main(String[] args) {
        ChildProtocol.handle(Map.of());
        ChildProtocol.send("address", EmbeddedBroker.start(Path.of(args[0]), 0).address());
    }
}
