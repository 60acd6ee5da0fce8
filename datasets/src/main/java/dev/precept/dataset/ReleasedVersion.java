package dev.precept.dataset;

import dev.precept.config.ConfigurationException;
import dev.precept.dataset.view.View;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Collectors;

/** What a version says of itself, found by its name. */
public record ReleasedVersion(String name, Manifest manifest) {
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
    public List<Manifest.Shard> files(String view) {
        return View.byLabel(view)
                .map(manifest.views()::get)
                .orElseThrow(() -> new ConfigurationException("version " + name + " has no view '" + view
                        + "'; it has "
                        + manifest.views().keySet().stream().map(View::label).collect(Collectors.joining(", "))));
    }
}
