package dev.precept.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Compares texts with golden files below {@code src/test/resources/golden} of the module under test. */
public final class Golden {
    private static final Path FOLDER = Path.of("src", "test", "resources", "golden");

    private Golden() {}

    /** Compares a text with its golden file; {@code -Dgolden.refresh} writes the file instead. */
    public static void check(String name, String actual) {
        checkPage(FOLDER.resolve(name), actual);
    }

    /** As {@link #check}, of a file that code writes elsewhere, such as a page of the documentation. */
    public static void checkPage(Path file, String actual) {
        if (refreshing()) {
            write(file, actual);
        }
        assertThat(actual)
                .as("%s; if the change is intended, run the test with -Dgolden.refresh and commit the file", file)
                .isEqualTo(read(file));
    }

    /** Writes the golden file if {@code -Dgolden.refresh} is set. */
    public static void refresh(String name, String text) {
        if (refreshing()) {
            write(FOLDER.resolve(name), text);
        }
    }

    /** Reads a golden file. */
    public static String read(String name) {
        return read(FOLDER.resolve(name));
    }

    private static String read(Path file) {
        if (!Files.exists(file)) {
            throw new AssertionError(file + " is missing; run the test once with -Dgolden.refresh");
        }
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** Maven passes an unset property as other text or not at all. */
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
