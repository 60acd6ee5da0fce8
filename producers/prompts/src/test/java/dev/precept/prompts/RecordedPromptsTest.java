package dev.precept.prompts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.precept.spec.SpecFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
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
        Set<String> ignored = new LinkedHashSet<>();
        RowReader rows = new RowReader(
                source.name(),
                settings,
                SpecFolder.load(data.resolve("model-spec")),
                SourceFixture.PARAMETERS,
                RowReader.NOTHING,
                ignored::add,
                note -> fail("recognised by content: " + note));
        Set<String> ids = new HashSet<>();
        int read = 0;

        try (PromptReader reader = new PromptReader(source, rows)) {
            for (ParsedRow parsedRow = reader.next(); parsedRow != null; parsedRow = reader.next()) {
                assertThat(parsedRow).isInstanceOf(ParsedRow.Usable.class);
                read++;
                ids.add(parsedRow.promptId());
            }
        }

        assertThat(read).isEqualTo(source.rows()).isEqualTo(371);
        assertThat(ids).hasSize(371);
        assertThat(ignored).containsExactly("response", "score");
    }
}
