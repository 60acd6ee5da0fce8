package dev.precept.prompts;

import dev.precept.records.RunParameters;
import dev.precept.spec.SpecFolder;
import java.nio.file.Path;
import java.util.Map;

/** Checks and reads one file and prints the counts: the child process of {@link LargeFileTest}. */
final class FileReadProcess {
    private FileReadProcess() {}

    public static void main(String[] args) throws Exception {
        Path spec = Path.of(args[0]);
        PromptSettings settings = SourceFixture.settings(Map.of(), Path.of(args[1]));
        PromptSource source = SourceFixture.check(settings).getFirst();
        RunParameters runParameters = SourceFixture.PARAMETERS;
        RowReader rows = new RowReader(source.name(), settings, SpecFolder.load(spec), runParameters);
        long usable = 0;
        long unusable = 0;
        try (PromptReader reader = new PromptReader(source, rows)) {
            for (ParsedRow parsedRow = reader.next(); parsedRow != null; parsedRow = reader.next()) {
                switch (parsedRow) {
                    case ParsedRow.Usable prompt -> usable++;
                    case ParsedRow.Unusable bad -> unusable++;
                }
            }
        }
        System.out.println("rows=" + source.rows() + " usable=" + usable + " unusable=" + unusable);
    }
}
