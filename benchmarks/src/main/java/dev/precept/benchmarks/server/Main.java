package dev.precept.benchmarks.server;

import dev.precept.benchmarks.process.ChildProtocol;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** Runs the server as a process: {@code LATENCY LOAD MARKED-CALL...}; prints its port. */
public final class Main {
    private Main() {}

    public static void main(String[] args) throws IOException {
        Occupancy occupancy =
                new Occupancy(Arrays.stream(args).skip(2).map(Long::valueOf).collect(Collectors.toSet()));
        LatencyServer server = new LatencyServer(Latency.parse(args[0]), ServerLoad.parse(args[1]), occupancy);
        ChildProtocol.send("port", server.port());
        ChildProtocol.handle(Map.of("blip", server::blip));
        server.run();
    }
}
