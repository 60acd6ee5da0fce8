package dev.precept.cli.command;

import dev.precept.config.ConfigurationException;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.DatasetLocation;
import java.util.Optional;

/**
 * A dataset and, where the argument names one, a version or ref: {@code ./dataset@v1}, {@code s3://bucket/prefix@latest}.
 *
 * @param argument as given, for messages
 */
record VersionRef(String argument, String dataset, Optional<String> version) {
    static VersionRef parse(String argument) {
        int at = argument.lastIndexOf('@');
        return at <= argument.lastIndexOf('/')
                ? new VersionRef(argument, argument, Optional.empty())
                : new VersionRef(argument, argument.substring(0, at), Optional.of(argument.substring(at + 1)));
    }

    /** @throws ConfigurationException if the argument names no version */
    String requireVersion() {
        return version.filter(name -> !name.isEmpty())
                .orElseThrow(() -> new ConfigurationException(
                        "'" + argument + "' names no version; give DATASET@VERSION, as in ./dataset@v1"));
    }

    Dataset openReadOnly() {
        return Dataset.openReadOnly(DatasetLocation.of(dataset));
    }

    Dataset openExisting() {
        return Dataset.openExisting(DatasetLocation.of(dataset));
    }
}
