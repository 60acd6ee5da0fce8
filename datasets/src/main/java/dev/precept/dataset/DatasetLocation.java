package dev.precept.dataset;

import dev.precept.config.ConfigurationException;
import dev.precept.config.FileErrors;
import dev.precept.config.PathText;
import dev.precept.config.Recipe;
import dev.precept.store.ObjectStore;
import dev.precept.store.StoreException;
import dev.precept.store.location.StoreLocation;
import dev.precept.store.s3.S3Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** The location of a dataset, from a recipe or a flag. */
public final class DatasetLocation {
    private static final String PRESET = "./dataset";

    private DatasetLocation() {}

    /** Reads the key {@code dataset} and the section {@code s3}; adds their problems to the recipe. */
    public static StoreLocation read(Recipe recipe) {
        String text = recipe.section("")
                .text(
                        "dataset",
                        PRESET,
                        "location of the dataset: a folder, relative to the current directory, or s3://bucket/prefix");
        S3Settings settings = settings(recipe);
        try {
            return StoreLocation.of(PathText.expand(text), settings);
        } catch (IllegalArgumentException e) {
            recipe.section("").addProblem("dataset", String.valueOf(e.getMessage()));
            return new StoreLocation.Folder(Path.of(PRESET));
        }
    }

    private static S3Settings settings(Recipe recipe) {
        try {
            return S3Settings.read(recipe.section("s3")::text);
        } catch (IllegalArgumentException e) {
            recipe.section("").addProblem("s3", String.valueOf(e.getMessage()));
            return new S3Settings(null, null, false, new S3Settings.Encryption.BucketDefault());
        }
    }

    /**
     * Reads the value of a flag; S3 settings come from the environment.
     *
     * @throws ConfigurationException if it starts with {@code s3:} and is not a valid bucket URL
     */
    public static StoreLocation of(String flag) {
        try {
            return StoreLocation.of(PathText.expand(flag), S3Settings.fromEnvironment());
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException("dataset: " + e.getMessage());
        }
    }

    /** Opens a store, for writing or for reading. */
    private interface StoreOpener {
        ObjectStore open() throws IOException;
    }

    /** @throws ConfigurationException if the location cannot be opened and a retry does not help */
    static ObjectStore open(StoreLocation location) {
        return open(location, location::open, "cannot be written", "name a folder that can");
    }

    /** As {@link #open}, with read access only. */
    static ObjectStore openReadOnly(StoreLocation location) {
        return open(location, location::openReadOnly, "cannot be read", "name the folder of a dataset");
    }

    private static ObjectStore open(StoreLocation location, StoreOpener storeOpener, String what, String remedy) {
        try {
            return storeOpener.open();
        } catch (StoreException.Misconfigured e) {
            throw new ConfigurationException("dataset " + e.getMessage());
        } catch (IOException e) {
            if (FileErrors.isDiskFull(e)) {
                throw new UncheckedIOException(
                        "dataset " + location + ": " + what + " (" + FileErrors.describe(e) + "); free some space", e);
            }
            if (location instanceof StoreLocation.Folder) {
                throw new ConfigurationException(
                        "dataset " + location + ": " + what + " (" + FileErrors.describe(e) + "); " + remedy);
            }
            throw new UncheckedIOException("cannot open the dataset " + location, e);
        }
    }
}
