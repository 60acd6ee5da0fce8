package dev.precept.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A text that may change only on purpose: kept below {@code src/test/resources/golden} of the module under test. */
public final class Golden {
    private static final Path FOLDER = Path.of("src", "test", "resources", "golden");

    private Golden() {}

    /** Compares a text with its golden; {@code -Dgolden.refresh} writes the golden instead. */
    public static void check(String name, String actual) {
        refresh(name, actual);
        assertThat(actual)
                .as(
                        "%s; if the change is meant, run the test with -Dgolden.refresh and commit the file",
                        FOLDER.resolve(name))
                .isEqualTo(read(name));
    }

    /** Writes the golden if, and only if, the build asks for it. */
    public static void refresh(String name, String text) {
        if (refreshing()) {
            write(FOLDER.resolve(name), text);
        }
    }

    /** The text of a golden. */
    public static String read(String name) {
        Path file = FOLDER.resolve(name);
        if (!Files.exists(file)) {
            throw new AssertionError(file + " is missing; run the test once with -Dgolden.refresh");
        }
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** An unset property of the build arrives as some other text, or as none: a golden must not write itself. */
    private static boolean refreshing() {
        return "true".equals(System.getProperty("precept.golden.refresh"));
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
