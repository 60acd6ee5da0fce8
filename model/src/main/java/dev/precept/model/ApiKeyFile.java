package dev.precept.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An API key in a file that may be replaced at any time, such as a mounted Secret. The file is read again when it has
 * changed. While it holds no key, the last valid key is used and one warning is logged.
 */
public final class ApiKeyFile implements ApiKey {
    private static final Logger log = LoggerFactory.getLogger(ApiKeyFile.class);

    private final Path file;
    private @Nullable FileStamp seen;
    private Secret secret;
    private boolean warned;

    private ApiKeyFile(Path file, FileStamp seen, Secret secret) {
        this.file = file;
        this.seen = seen;
        this.secret = secret;
    }

    /** Detects a changed file without reading it; a replaced file has another identity. */
    private record FileStamp(
            FileTime modified, long bytes, @Nullable Object identity) {
        static FileStamp read(Path file) throws IOException {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return new FileStamp(now.lastModifiedTime(), now.size(), now.fileKey());
        }
    }

    /**
     * Opens a file that holds a key.
     *
     * @throws IOException if it cannot be read
     * @throws IllegalArgumentException if it holds no key; the message does not quote the content
     */
    public static ApiKeyFile open(Path file) throws IOException {
        FileStamp seen = FileStamp.read(file);
        return new ApiKeyFile(file, seen, new Secret(Files.readString(file)));
    }

    @Override
    public synchronized Secret current() {
        try {
            FileStamp fileStamp = FileStamp.read(file);
            if (!fileStamp.equals(seen)) {
                read(fileStamp);
            }
        } catch (IOException e) {
            unreadable(e);
        }
        return secret;
    }

    /** Reads the file even if its stamp is unchanged: two writes within one clock tick have the same stamp. */
    @Override
    public synchronized Optional<Secret> replacementFor(Secret refused) {
        try {
            read(FileStamp.read(file));
        } catch (IOException e) {
            unreadable(e);
        }
        return secret.reveal().equals(refused.reveal()) ? Optional.empty() : Optional.of(secret);
    }

    private void read(FileStamp fileStamp) throws IOException {
        String text = Files.readString(file);
        seen = fileStamp;
        try {
            Secret found = new Secret(text);
            if (!found.reveal().equals(secret.reveal())) {
                log.atInfo().addKeyValue("file", file).log("API key rotated");
            }
            secret = found;
            warned = false;
        } catch (IllegalArgumentException e) {
            warnOnce("holds no key");
        }
    }

    private void unreadable(IOException e) {
        seen = null; // read again with the next call
        warnOnce("cannot be read (" + e.getClass().getSimpleName() + ")");
    }

    private void warnOnce(String cause) {
        if (!warned) {
            warned = true;
            log.atWarn()
                    .addKeyValue("file", file)
                    .addKeyValue("cause", cause)
                    .log("cannot read API key; using the last valid one until the file holds a key");
        }
    }

    @Override
    public String toString() {
        return "***";
    }
}
