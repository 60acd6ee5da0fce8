package dev.precept.cli.command;

import dev.precept.config.ConfigurationException;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.DatasetLocation;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The dataset of a command that takes no version: the first argument, or an option. */
final class DatasetArgument {
    @Parameters(index = "0", arity = "0..1", paramLabel = "DATASET", description = "a folder or s3://bucket/prefix")
    private @Nullable String argument;

    @Option(names = "--dataset", paramLabel = "DATASET", description = "the same")
    private @Nullable String option;

    Dataset openReadOnly() {
        return Dataset.openReadOnly(DatasetLocation.of(toString()));
    }

    Dataset openExisting() {
        return Dataset.openExisting(DatasetLocation.of(toString()));
    }

    /** @throws ConfigurationException if it is given twice, or both are null */
    static String one(@Nullable String argument, @Nullable String option, String example) {
        if (argument != null && option != null) {
            throw new ConfigurationException("--dataset " + option + ": the dataset is given twice");
        }
        if (argument == null && option == null) {
            throw new ConfigurationException("no dataset is given; name it as the first argument, as in " + example);
        }
        return argument != null ? argument : String.valueOf(option);
    }

    /** The location as given. */
    @Override
    public String toString() {
        return one(argument, option, "./dataset");
    }
}
