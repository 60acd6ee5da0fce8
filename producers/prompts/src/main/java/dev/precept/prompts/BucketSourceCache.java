package dev.precept.prompts;

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
 * Local copies of sources that lie in a bucket. An object is fetched once; later the store is only asked whether it is still
 * the same. Whether it is the one the run began with is for the run's identity to say, by the hash of the copy.
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
     * The copy of an object as it is now.
     *
     * @param extension that tells its format
     * @throws SourceFormatException if somebody has to change something first: a whole line
     * @throws UncheckedIOException if the store does not answer, or the copy cannot be written
     */
    Path refresh(PromptSettings.NamedFile.InBucket source, String extension) throws SourceFormatException {
        String name = FOLDER + Sha256.hex(source.name()).substring(0, NAME_LENGTH);
        Path copy = work.resolve(name + extension);
        try {
            download(source, copy, name + ".tag", work.resolve(name + ".part"));
            return copy;
        } catch (NoSuchFileException e) {
            throw new SourceFormatException(source.name() + ": no such object; name one that is there");
        } catch (StoreException.Misconfigured e) {
            throw new SourceFormatException(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot fetch " + source.name(), e);
        }
    }

    private void download(PromptSettings.NamedFile.InBucket source, Path copy, String tag, Path draft)
            throws IOException {
        Files.createDirectories(work.resolve(FOLDER));
        Optional<String> known = Files.isRegularFile(copy) ? tagOf(tag, Files.size(copy)) : Optional.empty();
        Optional<String> fetched =
                BucketObject.open(source.object(), source.settings()).copyIfChanged(known, draft);
        if (fetched.isPresent()) {
            work.delete(tag); // a crash in between must not leave the old tag beside the new copy
            Files.move(draft, copy, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            work.write(tag, Files.size(copy) + " " + fetched.get());
            log.atInfo()
                    .addKeyValue("file", source.name())
                    .addKeyValue("bytes", Files.size(copy))
                    .log("fetched a source");
        }
    }

    /** What the store called the object when it was copied, unless the copy is not what it was. */
    private Optional<String> tagOf(String tag, long bytes) {
        String size = bytes + " ";
        return work.read(tag).filter(noted -> noted.startsWith(size)).map(noted -> noted.substring(size.length()));
    }
}
