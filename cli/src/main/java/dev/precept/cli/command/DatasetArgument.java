package dev.precept.cli.command;

import dev.precept.dataset.Dataset;
import dev.precept.dataset.DatasetLocation;
import picocli.CommandLine.Parameters;

/** The dataset of a command that takes no version. */
final class DatasetArgument {
    @Parameters(index = "0", paramLabel = "DATASET", description = "a folder or s3://bucket/prefix")
    private String location = "";

    Dataset openReadOnly() {
        return Dataset.openReadOnly(DatasetLocation.of(location));
    }

    Dataset openExisting() {
        return Dataset.openExisting(DatasetLocation.of(location));
    }

    @Override
    public String toString() {
        return location;
    }
}
