package dev.precept.dataset.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowFileTest {
    @TempDir
    Path folder;

    @Test
    void rowsOfAnyLengthAreReadInOrderRepeatedly() throws IOException {
        RowFile file = new RowFile(folder.resolve("rows"));
        List<String> rows = List.of("one", "", "x".repeat(100_000), "the last");
        for (String row : rows) {
            file.append(row.getBytes(StandardCharsets.UTF_8));
        }

        assertThat(read(file)).isEqualTo(rows);
        assertThat(read(file)).isEqualTo(rows);
        assertThat(file.rows()).isEqualTo(4);
        assertThat(file.bytes()).isEqualTo(Files.size(folder.resolve("rows")));
    }

    @Test
    void noFileIsCreatedWithoutARow() throws IOException {
        RowFile file = new RowFile(folder.resolve("none"));

        assertThat(read(file)).isEmpty();
        assertThat(folder.resolve("none")).doesNotExist();
        file.delete();
    }

    @Test
    void aReadFileRefusesRowsAndIsDeleted() throws IOException {
        RowFile file = new RowFile(folder.resolve("rows"));
        file.append(new byte[1]);
        read(file);

        assertThatThrownBy(() -> file.append(new byte[1])).isInstanceOf(IllegalStateException.class);
        file.delete();
        assertThat(folder.resolve("rows")).doesNotExist();
    }

    private static List<String> read(RowFile file) throws IOException {
        List<String> rows = new ArrayList<>();
        file.forEach(row -> rows.add(new String(row, StandardCharsets.UTF_8)));
        return rows;
    }
}
