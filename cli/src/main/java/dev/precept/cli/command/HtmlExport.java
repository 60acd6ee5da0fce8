package dev.precept.cli.command;

import dev.precept.config.ConfigurationException;
import dev.precept.console.export.ExportedPage;
import dev.precept.console.rows.ExportedRows;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.ReleasedVersion;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes rows of a version as one HTML file: {@code precept show --html}. */
final class HtmlExport {
    /** Rows if the command names no number. */
    static final int ROWS = 200;

    private HtmlExport() {}

    /**
     * @param folder is made if it does not exist; the file is named after the version
     * @throws ConfigurationException without a version, or if the folder cannot be written
     */
    static void write(Dataset dataset, VersionRef ref, Path folder, int most) throws IOException, InterruptedException {
        ReleasedVersion version = ReleasedVersion.resolve(dataset, ref.requireVersion());
        ExportedRows.Exported exported = new ExportedRows(dataset, version).read(most);
        String place = ref.dataset() + "@" + version.name() + ", "
                + exported.rows().size() + " of " + exported.kept() + " rows";
        Path file = folder.resolve(version.name() + ".html");
        try {
            Files.createDirectories(folder);
            Files.writeString(file, ExportedPage.of(place, exported.rows()));
        } catch (FileAlreadyExistsException e) {
            throw new ConfigurationException("--html " + folder + ": is a file; name a folder");
        }
        System.out.println("wrote " + file + ": " + exported.rows().size() + " of " + exported.kept()
                + " rows; open it in a browser. Its rows may be hostile or offensive");
    }
}
