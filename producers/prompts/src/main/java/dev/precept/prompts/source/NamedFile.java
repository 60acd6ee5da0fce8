package dev.precept.prompts.source;

import dev.precept.config.Recipe;
import dev.precept.config.Section;
import dev.precept.store.s3.Bucket;
import dev.precept.store.s3.S3Settings;
import java.nio.file.Path;
import java.util.Optional;

/** A file with its name in the recipe; origins and messages use the name. */
public sealed interface NamedFile {
    String name();

    /** Two files at one location are the same file. */
    String location();

    /** A local file. */
    record OnDisk(String name, Path path) implements NamedFile {
        @Override
        public String location() {
            return path.toString();
        }
    }

    /** An object in a bucket, copied to the work folder before it is read. */
    record InBucket(Bucket object, S3Settings settings) implements NamedFile {
        @Override
        public String name() {
            return object.toString();
        }

        @Override
        public String location() {
            return name();
        }
    }

    /** The file that a key of a recipe names; empty, with a problem of the recipe, if the name is none. */
    static Optional<NamedFile> read(Recipe recipe, Section section, String key, String name) {
        if (!Bucket.isBucketUrl(name) && name.contains("://")) {
            section.addProblem(
                    key, name + " is not downloaded; download it and name the file, or write s3://bucket/key");
            return Optional.empty();
        }
        if (!Bucket.isBucketUrl(name)) {
            return section.resolve(key, name).map(path -> new OnDisk(name, path));
        }
        try {
            Bucket object = Bucket.parse(name);
            if (!object.prefix().isEmpty() && !name.endsWith("/")) {
                return Optional.of(new InBucket(object, S3Settings.read(recipe.section("s3")::text)));
            }
            section.addProblem(key, name + " names no object; write s3://bucket/key");
        } catch (IllegalArgumentException e) {
            section.addProblem(key, name + " cannot be downloaded: " + e.getMessage());
        }
        return Optional.empty();
    }
}
