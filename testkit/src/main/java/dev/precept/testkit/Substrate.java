package dev.precept.testkit;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Supplier;

/**
 * The servers of the slow suites: a broker, a schema registry, a store. The system property {@value #PROPERTY} selects
 * them. Each server starts on first use; closing stops all. Not thread-safe.
 */
public interface Substrate extends AutoCloseable {
    /** {@code embedded} (the default), {@code registry} or {@code containers}; set by the build's profiles. */
    String PROPERTY = "precept.substrate";

    /** Opens the selected substrate. If it is not available, the suite is skipped with one line that gives the reason. */
    static Substrate open(Path folder) {
        String chosen = System.getProperty(PROPERTY, "");
        return switch (chosen) {
            case "", "embedded" -> new EmbeddedSubstrate(folder, false);
            case "registry" -> new EmbeddedSubstrate(folder, true);
            case "containers" -> containers(folder);
            default ->
                throw new IllegalArgumentException(
                        PROPERTY + ": '" + chosen + "' is not allowed; give embedded, registry or containers");
        };
    }

    private static Substrate containers(Path folder) {
        return ServiceLoader.load(SubstrateProvider.class)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        PROPERTY + ": containers are not part of this build; build with -Pcontainers"))
                .open(folder);
    }

    /**
     * The {@code bootstrap.servers} of clients.
     *
     * @param embedded starts a broker in this process if the substrate has none
     */
    String broker(Supplier<Broker> embedded);

    /**
     * The {@code schema.registry.url} of clients. Compatibility is {@code BACKWARD}.
     *
     * @param folder of the file of schema ids if there is no registry server; the URL is then {@code file:PATH}
     */
    String registry(Path folder);

    /** The store, with the bucket created. */
    Store store(String bucket);

    @Override
    void close();

    /**
     * A running broker.
     *
     * @param server closes the broker
     */
    record Broker(String address, AutoCloseable server) {}

    /** An S3 server. */
    interface Store {
        URI endpoint();

        /** Environment variables with endpoint and credentials for child processes. */
        Map<String, String> environment();

        /** A folder with the bucket's objects below a prefix. It may be a copy; call again for later objects. */
        Path folder(String bucket, String prefix);
    }

    /** Loads a substrate that is not part of the default build. */
    interface SubstrateProvider {
        Substrate open(Path folder);
    }
}
