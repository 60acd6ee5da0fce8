package dev.precept.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Code, messages and documentation name the component that acts. */
class VocabularyTest {
    /** Written in two parts, so that this file does not hold them. */
    private static final Pattern PERSONS = Pattern.compile("(?i)\\b(no|some|any)" + "body\\b|\\bwho" + "ever\\b");

    private static final Set<String> ENDINGS =
            Set.of("java", "md", "yaml", "xml", "avdl", "sh", "py", "json", "jsonl", "txt");
    private static final Path ROOT = Path.of(System.getProperty("precept.root"));

    @Test
    void noPersonStandsForAComponent() throws IOException {
        List<String> found = new ArrayList<>();
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                String name = folder.getFileName().toString();
                return name.equals(".git") || name.equals("target")
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                String name = file.getFileName().toString();
                if (ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1))) {
                    search(file, found);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        assertThat(found).as("lines that name a person; name the component").isEmpty();
    }

    private static void search(Path file, List<String> found) throws IOException {
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            if (PERSONS.matcher(lines.get(i)).find()) {
                found.add(ROOT.relativize(file) + ":" + (i + 1) + ": "
                        + lines.get(i).strip());
            }
        }
    }
}
