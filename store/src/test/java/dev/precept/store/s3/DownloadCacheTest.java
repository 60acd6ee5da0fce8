package dev.precept.store.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DownloadCacheTest {
    private static final int BYTES = 10;

    @TempDir
    private Path folder;

    @Test
    void theLeastRecentlyUsedFilesAreDeleted() throws IOException {
        DownloadCache files = new DownloadCache(folder, 3 * BYTES);
        List<Path> kept = new ArrayList<>();
        for (int i = 0; i < DownloadCache.MIN_FILES + 2; i++) {
            kept.add(fetch(files, "object-" + i));
            files.find("object-0"); // still in use
        }
        assertThat(kept.getFirst()).exists();
        assertThat(kept.get(1)).doesNotExist();
        assertThat(kept.get(2)).doesNotExist();
        assertThat(kept.subList(3, kept.size()))
                .allSatisfy(file -> assertThat(file).exists());
        assertThat(files.find("object-1")).isEmpty();
        assertThat(files.find("object-5")).map(DownloadCache.Copy::tag).hasValue("tag of object-5");
    }

    @Test
    void filesOfEndedProcessesAreDeletedAndThoseOfRunningOnesKept() throws IOException {
        Path abandoned = Files.createDirectory(folder.resolve("precept-fetched-gone"));
        Files.write(abandoned.resolve("copy"), new byte[BYTES]);
        Files.createFile(folder.resolve("precept-fetched-gone.lock"));
        Path running = fetch(new DownloadCache(folder, BYTES), "object");

        fetch(new DownloadCache(folder, BYTES), "object");

        assertThat(abandoned).doesNotExist();
        assertThat(running).exists();
    }

    @Test
    void aLargeCopyIsDeletedWhenItsLastUserDiscardsIt() throws IOException {
        DownloadCache files = new DownloadCache(folder, 3 * BYTES);
        Path copy = fetch(files, "object");
        assertThat(files.find("object")).map(DownloadCache.Copy::file).hasValue(copy);
        files.discard(copy);
        assertThat(copy).exists();
        files.discard(copy);
        files.discard(copy);
        assertThat(copy).doesNotExist();
        assertThat(files.find("object")).isEmpty();
    }

    @Test
    void closingLeavesNothing() throws IOException {
        DownloadCache files = new DownloadCache(folder, 3 * BYTES);
        fetch(files, "object");
        files.close();
        assertThat(folder).isEmptyDirectory();
        assertThat(fetch(files, "object")).exists();
        files.close();
        files.close();
        assertThat(folder).isEmptyDirectory();
    }

    private static Path fetch(DownloadCache files, String object) throws IOException {
        Path file = Files.write(files.newFile(), new byte[BYTES]);
        files.add(object, file, "tag of " + object);
        return file;
    }
}
