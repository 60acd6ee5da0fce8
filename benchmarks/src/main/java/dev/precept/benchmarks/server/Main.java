package dev.precept.benchmarks.server;

import dev.precept.benchmarks.process.ChildProtocol;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** The server as a process of its own: {@code LATENCY NOTED-CALL...}; prints its port. */
public final class Main {
    private Main() {}

    public static void main(String[] args) throws IOException {
        Occupancy occupancy =
                new Occupancy(Arrays.stream(args).skip(1).map(Long::valueOf).collect(Collectors.toSet()));
        LatencyServer server = new LatencyServer(Latency.parse(args[0]), occupancy);
        ChildProtocol.say("port", server.port());
        ChildProtocol.obey(Map.of());
        server.run();
    }
}
