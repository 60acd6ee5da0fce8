package dev.precept.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;

/** Paths as a recipe writes them. */
public final class PathText {
    private static final String HOME = "~";

    private PathText() {}

    /**
     * Replaces a leading {@code ~} by the home folder, as a shell does.
     *
     * @throws IllegalArgumentException if the text has a variable, which only a shell replaces
     */
    public static String expand(String text) {
        if (text.contains("${")) {
            throw new IllegalArgumentException(
                    text + " has a variable, which is not replaced here; write the path, or give it as a flag");
        }
        if (!text.equals(HOME) && !text.startsWith(HOME + "/")) {
            return text;
        }
        String home = System.getProperty("user.home", "");
        if (!Path.of(home).isAbsolute()) {
            throw new IllegalArgumentException(text + ": the home folder is unknown; write the whole path");
        }
        return home + text.substring(HOME.length());
    }

    /** What is wrong with a text that is no path of this machine, and what to do. */
    public static String describe(InvalidPathException e) {
        return "path '" + e.getInput() + "' cannot be used ("
                + e.getReason().toLowerCase(Locale.ROOT)
                + "); if it has letters beyond ASCII, set a UTF-8 locale, as in LC_ALL=C.UTF-8";
    }
}
