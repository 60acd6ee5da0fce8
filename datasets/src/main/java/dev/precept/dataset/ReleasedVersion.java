package dev.precept.dataset;

import dev.precept.config.ConfigurationException;
import dev.precept.dataset.view.View;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Collectors;

/** A version by name, with its manifest. */
public record ReleasedVersion(String name, Manifest manifest) {
    /**
     * @param named a version, or a ref such as {@code latest}
     * @throws ConfigurationException if there is no such version, or it was purged
     */
    public static ReleasedVersion resolve(Dataset dataset, String named) {
        String version = dataset.versions().resolve(named);
        requireNotPurged(dataset, version);
        return new ReleasedVersion(version, dataset.versions().manifest(version).orElseThrow());
    }

    private static void requireNotPurged(Dataset dataset, String version) {
        try {
            Rewrites.read(dataset).requireNotPurged(version);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the rewrites of " + dataset.location(), e);
        }
    }

    /**
     * The files of a view, in order.
     *
     * @throws ConfigurationException if the version has no such view
     */
    public List<Manifest.Shard> files(String view) {
        return View.byLabel(view).map(manifest.views()::get).orElseThrow(() -> noView(view));
    }

    private ConfigurationException noView(String view) {
        boolean isEmpty =
                View.byLabel(view).filter(manifest.recipe().views()::contains).isPresent();
        return new ConfigurationException("version " + name
                + (isEmpty ? " has no rows in view '" : " has no view '") + view + "'; it has "
                + manifest.views().keySet().stream().map(View::label).collect(Collectors.joining(", ")));
    }

    /**
     * The files of one split of a view, in order.
     *
     * @throws ConfigurationException if the version has no such view or split
     */
    public List<Manifest.Shard> files(String view, String split) {
        List<Manifest.Shard> files = files(view);
        List<Manifest.Shard> of = files.stream()
                .filter(file -> file.split().label().equals(split))
                .toList();
        if (of.isEmpty()) {
            throw new ConfigurationException("view " + view + " of version " + name + " has no split '" + split
                    + "'; it has "
                    + files.stream()
                            .map(file -> file.split().label())
                            .distinct()
                            .collect(Collectors.joining(", ")));
        }
        return of;
    }
}
