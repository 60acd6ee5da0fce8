package dev.precept.cli.command;

import dev.precept.config.ConfigurationException;

/** A version as an argument names it: {@code ./dataset@v1}, {@code s3://bucket/prefix@latest}. */
record VersionRef(String dataset, String version) {
    /** @throws ConfigurationException if no version is named */
    static VersionRef of(String argument) {
        int at = argument.lastIndexOf('@');
        if (at <= argument.lastIndexOf('/') || at == argument.length() - 1) {
            throw new ConfigurationException(argument + ": names no version; give DATASET@NAME, as in ./dataset@v1");
        }
        return new VersionRef(argument.substring(0, at), argument.substring(at + 1));
    }

    /** Where an argument may name a version: whether this one does. */
    static boolean namesVersion(String argument) {
        return argument.lastIndexOf('@') > argument.lastIndexOf('/');
    }
}
