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
 * A key in a file that somebody may exchange, as a mounted Secret is. It is read again when the file has changed; while
 * the file holds no key, the last one that it held is used, and that is said once.
 */
public final class ApiKeyFile implements ApiKey {
    private static final Logger log = LoggerFactory.getLogger(ApiKeyFile.class);

    private final Path file;
    private @Nullable FileStamp seen;
    private Secret secret;
    private boolean complained;

    private ApiKeyFile(Path file, FileStamp seen, Secret secret) {
        this.file = file;
        this.seen = seen;
        this.secret = secret;
    }

    /** What a file looks like from outside; another file under the same name has another identity. */
    private record FileStamp(
            FileTime modified, long bytes, @Nullable Object identity) {
        static FileStamp read(Path file) throws IOException {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return new FileStamp(now.lastModifiedTime(), now.size(), now.fileKey());
        }
    }

    /**
     * A file that holds a key now.
     *
     * @throws IOException if it cannot be read
     * @throws IllegalArgumentException if it holds no key; says nothing of what it holds
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

    /** Reads the file whatever it looks like: two writes within one tick of the clock look the same. */
    @Override
    public synchronized Optional<Secret> replacementFor(Secret refused) {
        try {
            read(FileStamp.read(file));
        } catch (IOException e) {
            unreadable(e);
        }
        return secret.reveal().equals(refused.reveal()) ? Optional.empty() : Optional.of(secret);
    }

    /** What cannot be read is tried again with every look; what holds no key is read again when it has changed. */
    private void read(FileStamp fileStamp) throws IOException {
        String text = Files.readString(file);
        seen = fileStamp;
        try {
            Secret found = new Secret(text);
            if (!found.reveal().equals(secret.reveal())) {
                log.atInfo().addKeyValue("file", file).log("a key was exchanged");
            }
            secret = found;
            complained = false;
        } catch (IllegalArgumentException e) {
            warnOnce("holds no key");
        }
    }

    private void unreadable(IOException e) {
        seen = null;
        warnOnce("cannot be read (" + e.getClass().getSimpleName() + ")");
    }

    private void warnOnce(String what) {
        if (!complained) {
            complained = true;
            log.atWarn()
                    .addKeyValue("file", file)
                    .addKeyValue("cause", what)
                    .log("the last key that the file held is used on; put the right one there");
        }
    }

    @Override
    public String toString() {
        return "***";
    }
}
