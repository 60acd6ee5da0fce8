package dev.precept.prompts.source;

import dev.precept.content.Sha256;
import dev.precept.prompts.row.SourceFormatException;
import dev.precept.runtime.WorkFolder;
import dev.precept.store.StoreException;
import dev.precept.store.s3.BucketObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Local copies of sources in a bucket. An object is downloaded once, and again only when its tag changed. The run's
 * identity, which has the hash of the copy, detects a changed source.
 */
final class BucketSourceCache {
    private static final Logger log = LoggerFactory.getLogger(BucketSourceCache.class);
    private static final String FOLDER = "sources/";
    private static final int NAME_LENGTH = 16;

    private final WorkFolder work;

    BucketSourceCache(WorkFolder work) {
        this.work = work;
    }

    /**
     * Returns a copy of the current object; downloads it if necessary.
     *
     * @param extension extension of the copy, which selects the format
     * @throws SourceFormatException if the object does not exist or access is denied
     * @throws UncheckedIOException if the store does not respond, or the copy cannot be written
     */
    Path refresh(NamedFile.InBucket source, String extension) throws SourceFormatException {
        String name = FOLDER + Sha256.hex(source.name()).substring(0, NAME_LENGTH);
        Path copy = work.resolve(name + extension);
        try {
            download(source, copy, name + ".tag", work.resolve(name + ".part"));
            return copy;
        } catch (NoSuchFileException e) {
            throw new SourceFormatException(source.name() + ": no such object; name an existing one");
        } catch (StoreException.Misconfigured e) {
            throw new SourceFormatException(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot download " + source.name(), e);
        }
    }

    private void download(NamedFile.InBucket source, Path copy, String tag, Path part) throws IOException {
        Files.createDirectories(work.resolve(FOLDER));
        Optional<String> known = Files.isRegularFile(copy) ? tagOf(tag, Files.size(copy)) : Optional.empty();
        Optional<String> fetched =
                BucketObject.open(source.object(), source.settings()).copyIfChanged(known, part);
        if (fetched.isPresent()) {
            work.delete(tag); // a crash before the write below must not leave the old tag with the new copy
            Files.move(part, copy, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            work.write(tag, Files.size(copy) + " " + fetched.get());
            log.atInfo()
                    .addKeyValue("file", source.name())
                    .addKeyValue("bytes", Files.size(copy))
                    .log("downloaded a source");
        }
    }

    /** The object's tag at the time of the copy; empty if the copy's size has changed since. */
    private Optional<String> tagOf(String tag, long bytes) {
        String size = bytes + " ";
        return work.read(tag).filter(text -> text.startsWith(size)).map(text -> text.substring(size.length()));
    }
}
