package dev.precept.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.config.ConfigurationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** What a version says of itself, found by its name. */
public record ReleasedVersion(String name, JsonNode manifest) {
    /**
     * @param named a version, or a ref that names one now, such as {@code latest}
     * @throws ConfigurationException if there is none
     */
    public static ReleasedVersion resolve(Dataset dataset, String named) {
        String version = dataset.versions().resolve(named);
        requireNotPurged(dataset, version);
        return new ReleasedVersion(version, dataset.versions().manifest(version).orElseThrow());
    }

    private static void requireNotPurged(Dataset dataset, String version) {
        try {
            Purges.find(dataset).requireNotPurged(version);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the purges of " + dataset.location(), e);
        }
    }

    /**
     * The files of a view, in order.
     *
     * @throws ConfigurationException if it has no such view
     */
    public JsonNode files(String view) {
        JsonNode files = manifest.path("views").path(view);
        if (files.isEmpty()) {
            List<String> views = new ArrayList<>();
            manifest.path("views").fieldNames().forEachRemaining(views::add);
            throw new ConfigurationException(
                    "version " + name + " has no view '" + view + "'; it has " + String.join(", ", views));
        }
        return files;
    }

    public static String key(String version, String path) {
        return "releases/" + version + "/" + path;
    }
}
