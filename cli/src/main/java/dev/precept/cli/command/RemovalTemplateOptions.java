package dev.precept.cli.command;

import dev.precept.dataset.removal.RemovalTemplates;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The chat templates of versions that are made again without some rows. */
final class RemovalTemplateOptions {
    @Option(
            names = "--template",
            paramLabel = "FILE",
            description = "a chat template that a version was checked with; its replacement is checked with it too;"
                    + " may be repeated")
    private List<Path> templates = new ArrayList<>();

    @Option(
            names = "--without-templates",
            description = "do not check the new version with the chat templates of the one before")
    private boolean withoutTemplates;

    RemovalTemplates read() {
        return RemovalTemplates.read(templates, withoutTemplates);
    }
}
