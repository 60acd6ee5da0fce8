package dev.precept.prompts;

import dev.precept.prompts.row.FieldNames;
import dev.precept.prompts.source.NamedFile;
import dev.precept.records.CitationScreen;
import dev.precept.records.LeakScreen;
import dev.precept.records.PersonalScreen;
import dev.precept.records.RunParameters;
import dev.precept.runtime.WorkFolder;
import dev.precept.spec.SpecFolder;
import dev.precept.spec.Specification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Writes the files of a test and reads them. */
final class SourceFixture {
    static final RunParameters PARAMETERS = new RunParameters(
            3, 2, 1, 8.0, true, 512, LeakScreen.REPORT, CitationScreen.REPORT, null, PersonalScreen.OFF, 0.0, false);

    private static final String CLAUSES = """
            # House {#house}
            ## Be kind {#kind}
            Be kind to users.
            ## Fraud {#fraud-1}
            Explain how fraud is noticed.
            ## Privacy {#privacy-1}
            Leave people's data alone.
            """;
    private static final String INDEX = """
            name: small
            principles: [kind]
            categories:
              - {name: fraud, summary: About fraud., clauses: [fraud-1]}
              - {name: privacy, summary: About privacy., clauses: [privacy-1]}
            """;

    private SourceFixture() {}

    static Specification specification(Path folder) throws IOException {
        Path spec = Files.createDirectories(folder.resolve("spec"));
        Files.writeString(spec.resolve("clauses.md"), CLAUSES);
        Files.writeString(spec.resolve("spec.yaml"), INDEX);
        return SpecFolder.load(spec);
    }

    static Path file(Path folder, String name, String... lines) throws IOException {
        return Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
    }

    static PromptSettings settings(Map<String, String> fields, Path... files) {
        List<NamedFile> named = new ArrayList<>();
        for (Path file : files) {
            named.add(new NamedFile.OnDisk(String.valueOf(file.getFileName()), file));
        }
        return new PromptSettings(named, new FieldNames(fields), null, 0);
    }

    /** Checks local files, which need no work folder, but not their rows. */
    static List<PromptSource> check(PromptSettings settings) {
        return SourceFiles.read(settings, new WorkFolder(Path.of("none")), _ -> _ -> {});
    }

    /** Reads every row of a file as the app does. */
    static List<ParsedRow> read(Path folder, Path file, Map<String, String> fields, Consumer<String> ignored)
            throws IOException {
        PromptSettings settings = settings(fields, file);
        PromptSource source = check(settings).getFirst();
        RowReader rows = new RowReader(
                source.name(), settings, specification(folder), PARAMETERS, RowReader.NOTHING, ignored, _ -> {});
        List<ParsedRow> lines = new ArrayList<>();
        try (PromptReader reader = new PromptReader(source, rows)) {
            for (ParsedRow parsedRow = reader.next(); parsedRow != null; parsedRow = reader.next()) {
                lines.add(parsedRow);
            }
        }
        return lines;
    }

    static List<ParsedRow> read(Path folder, Path file) throws IOException {
        return read(folder, file, Map.of(), field -> {});
    }

    static String describe(ParsedRow parsedRow) {
        return switch (parsedRow) {
            case ParsedRow.Usable usable ->
                "usable " + usable.body().getOrigin().getId();
            case ParsedRow.Unusable bad -> bad.location() + ": " + bad.body().getDetail();
        };
    }
}
