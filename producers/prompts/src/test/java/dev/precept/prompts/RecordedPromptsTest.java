package dev.precept.prompts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.precept.spec.SpecFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A real file of prompts is read completely with a real specification and two mapped fields. */
class RecordedPromptsTest {
    @Test
    void everyRecordIsAPrompt() throws IOException {
        Path data = Path.of(System.getProperty("precept.root", "."), "..", "shared", "data");
        Path file = data.resolve("star-1-recorded.json");
        assumeTrue(Files.exists(file), "the recorded prompts are not here");
        PromptSettings settings = SourceFixture.settings(Map.of("prompt", "question", "categories", "category"), file);
        PromptSource source = SourceFixture.check(settings).getFirst();
        InputCounters counters = new InputCounters();
        RowReader rows = new RowReader(
                source.name(),
                settings,
                SpecFolder.load(data.resolve("model-spec")),
                SourceFixture.PARAMETERS,
                field -> counters.ignored(source.name(), field));
        Set<String> ids = new HashSet<>();

        try (PromptReader reader = new PromptReader(source, rows)) {
            for (ParsedRow parsedRow = reader.next(); parsedRow != null; parsedRow = reader.next()) {
                counters.count(parsedRow);
                ids.add(parsedRow.promptId());
            }
        }

        assertThat(counters.summary().firstUnusable()).isEmpty();
        assertThat(counters.summary().lines()).isEqualTo(source.rows()).isEqualTo(371);
        assertThat(ids).hasSize(371);
        assertThat(counters.summary().ignoredFields()).isEqualTo(Map.of(source.name(), List.of("response", "score")));
    }
}
