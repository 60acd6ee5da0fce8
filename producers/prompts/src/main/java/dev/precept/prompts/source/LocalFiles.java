package dev.precept.prompts.source;

import dev.precept.prompts.format.SourceFormat;
import dev.precept.prompts.row.SourceFormatException;
import dev.precept.runtime.WorkFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The local paths of named files: those on disk are checked, those in a bucket are copied to the work folder. */
public final class LocalFiles {
    private final BucketSourceCache copies;

    /** @param work holds the copies of objects; a copy is reused until its object changes */
    public LocalFiles(WorkFolder work) {
        this.copies = new BucketSourceCache(work);
    }

    /** A file that exists, and the format of its name. */
    public record LocalFile(Path path, SourceFormat format) {}

    /**
     * Finds a file.
     *
     * @param format of the name; empty if its extension is unknown
     * @param known the known extensions, for the message
     * @throws SourceFormatException if there is no such file, or its format is unknown
     * @throws java.io.UncheckedIOException if a bucket cannot be reached
     */
    public LocalFile find(NamedFile file, Optional<SourceFormat> format, String known) throws SourceFormatException {
        if (file instanceof NamedFile.OnDisk disk) {
            requireFile(disk);
        }
        SourceFormat shape = format.orElseThrow(() -> problem(file, ": unknown extension; known are " + known));
        Path path = switch (file) {
            case NamedFile.OnDisk disk -> disk.path();
            case NamedFile.InBucket bucket -> copies.refresh(bucket, shape.extension());
        };
        return new LocalFile(path, shape);
    }

    private static void requireFile(NamedFile.OnDisk file) throws SourceFormatException {
        if (!Files.exists(file.path())) {
            throw problem(file, ": no such file (resolved to " + file.path() + ")");
        }
        if (Files.isDirectory(file.path())) {
            throw problem(file, ": a folder; name the files in it, each for itself");
        }
        if (!Files.isRegularFile(file.path())) {
            throw problem(file, ": not a regular file; pipes and devices cannot be read twice");
        }
    }

    private static SourceFormatException problem(NamedFile file, String what) {
        return new SourceFormatException(file.name() + what);
    }
}
