package dev.precept.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What this machine has without being asked for more: a broker in this process, and servers as child processes. */
final class EmbeddedSubstrate implements Substrate {
    private final Path folder;
    private final boolean registryServer;
    private final ResourceStack resourceStack = new ResourceStack();

    private @Nullable String broker;

    private @Nullable RegistryServer registry;

    private @Nullable S3Proxy store;

    /** @param registryServer whether a server keeps the schemas, and not a file */
    EmbeddedSubstrate(Path folder, boolean registryServer) {
        this.folder = folder;
        this.registryServer = registryServer;
    }

    @Override
    public String broker(Supplier<Broker> here) {
        if (broker == null) {
            Broker running = here.get();
            resourceStack.add(running.server());
            broker = running.address();
        }
        return broker;
    }

    @Override
    public String registry(Path ids) {
        if (!registryServer) {
            return "file:" + ids.resolve("schemas.json");
        }
        if (registry == null) {
            registry = resourceStack.add(RegistryServer.start(made("registry")));
        }
        return registry.url();
    }

    @Override
    public Store store(String bucket) {
        if (store == null) {
            store = resourceStack.add(S3Proxy.start(made("s3")));
        }
        store.createBucket(bucket);
        return store;
    }

    private Path made(String name) {
        try {
            return Files.createDirectories(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a folder in " + folder, e);
        }
    }

    @Override
    public void close() {
        resourceStack.close();
    }
}
