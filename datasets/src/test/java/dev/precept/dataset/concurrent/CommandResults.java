package dev.precept.dataset.concurrent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** Checks what a command said against the stored files. */
final class CommandResults {
    private CommandResults() {}

    /** The version has the settings that were given, and leaves out what was withdrawn before. */
    static void checkReleased(Operation operation, StoredVersion version) {
        if (operation.name().equals("release")) {
            Set<String> views = new TreeSet<>();
            operation.command().path("views").forEach(view -> views.add(view.asText()));
            DatasetOracle.require(
                    Set.copyOf(version.views()).equals(views)
                            && version.shards()
                                    == operation.command().path("shards").asInt(),
                    version.name() + " was released with other settings than " + operation.command());
        }
        DatasetOracle.require(
                operation.planned() || version.withdrawals().containsAll(operation.withdrawals()),
                version.name() + " does not heed the withdrawals " + operation.withdrawals());
    }

    /** The copied files are those of the version. */
    static void checkPulled(Operation operation, StoredVersion version) {
        String view = operation.command().path("view").asText();
        Path folder = Path.of(operation.command().path("to").asText());
        version.filesOf(view).forEach((path, sha256) -> {
            try {
                String pulled = StoredFiles.sha256(Files.readAllBytes(folder.resolve(path)));
                DatasetOracle.require(pulled.equals(sha256), "pulled other bytes of " + version.name() + "/" + path);
            } catch (IOException e) {
                throw new AssertionError("a pull of " + version.name() + " lacks " + path, e);
            }
        });
    }
}
