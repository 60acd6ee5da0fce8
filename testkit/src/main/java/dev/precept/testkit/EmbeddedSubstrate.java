package dev.precept.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A broker in this process, and other servers as child processes. */
final class EmbeddedSubstrate implements Substrate {
    private final Path folder;
    private final boolean registryServer;
    private final ResourceStack resourceStack = new ResourceStack();

    private @Nullable String broker;

    private @Nullable RegistryServer registry;

    private @Nullable S3Proxy store;

    /** @param registryServer whether schemas are in a registry server or in a file */
    EmbeddedSubstrate(Path folder, boolean registryServer) {
        this.folder = folder;
        this.registryServer = registryServer;
    }

    @Override
    public String broker(Supplier<Broker> embedded) {
        if (broker == null) {
            Broker running = embedded.get();
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
            registry = resourceStack.add(RegistryServer.start(createFolder("registry")));
        }
        return registry.url();
    }

    @Override
    public Store store(String bucket) {
        if (store == null) {
            store = resourceStack.add(S3Proxy.start(createFolder("s3")));
        }
        store.createBucket(bucket);
        return store;
    }

    private Path createFolder(String name) {
        try {
            return Files.createDirectories(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create a folder in " + folder, e);
        }
    }

    @Override
    public void close() {
        resourceStack.close();
    }
}
