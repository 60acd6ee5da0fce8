package dev.precept.cli.command;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A dataset and a version or ref of it: the first argument, or an option. */
final class VersionArgument {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "DATASET[@VERSION]",
            description = "a folder or s3://bucket/prefix, and a version or ref: ./dataset@v1, ./dataset@latest")
    private @Nullable String argument;

    @Option(names = "--dataset", paramLabel = "DATASET[@VERSION]", description = "the same")
    private @Nullable String option;

    boolean isGiven() {
        return argument != null || option != null;
    }

    VersionRef ref() {
        return VersionRef.parse(DatasetArgument.one(argument, option, "./dataset@v1"));
    }

    /** The dataset that a run writes by default, where none is given. */
    VersionRef refOrDefault() {
        return isGiven() ? ref() : VersionRef.parse("./dataset");
    }
}
