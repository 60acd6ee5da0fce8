package dev.precept.testkit;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Supplier;

/**
 * What the slow suites stand on: a broker, a schema registry, a store. The system property {@value #PROPERTY} says
 * which ones, and no suite does. A part starts when it is first asked for; closing ends them all. Not thread-safe.
 */
public interface Substrate extends AutoCloseable {
    /** {@code embedded} (as without it), {@code registry} or {@code containers}; the profiles of the build set it. */
    String PROPERTY = "precept.substrate";

    /** The one that the property says. Where it cannot be had the suite is skipped, with one line that says why. */
    static Substrate open(Path folder) {
        String chosen = System.getProperty(PROPERTY, "");
        return switch (chosen) {
            case "", "embedded" -> new EmbeddedSubstrate(folder, false);
            case "registry" -> new EmbeddedSubstrate(folder, true);
            case "containers" -> containers(folder);
            default ->
                throw new IllegalArgumentException(
                        PROPERTY + ": '" + chosen + "' is none; give embedded, registry or containers");
        };
    }

    private static Substrate containers(Path folder) {
        return ServiceLoader.load(SubstrateProvider.class)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        PROPERTY + ": containers are no part of this build; build it with -Pcontainers"))
                .open(folder);
    }

    /**
     * What clients give as {@code bootstrap.servers}.
     *
     * @param here starts one in this process, where the substrate brings none
     */
    String broker(Supplier<Broker> here);

    /**
     * What clients give as {@code schema.registry.url}. Compatibility is {@code BACKWARD}.
     *
     * @param folder for the ids of schemas, where no server keeps them: the url then is {@code file:PATH}
     */
    String registry(Path folder);

    /** The store, with a bucket of this name. */
    Store store(String bucket);

    @Override
    void close();

    /**
     * A broker that is running.
     *
     * @param server what ends it
     */
    record Broker(String address, AutoCloseable server) {}

    /** A server that speaks S3. */
    interface Store {
        URI endpoint();

        /** The variables with which a child process finds and may use it. */
        Map<String, String> environment();

        /** A folder with what the bucket has now below a prefix. It may be a copy: ask again to see what came later. */
        Path folder(String bucket, String prefix);
    }

    /** A substrate that is no part of an ordinary build. */
    interface SubstrateProvider {
        Substrate open(Path folder);
    }
}
