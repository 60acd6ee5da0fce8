package dev.precept.console.api;

import dev.precept.runtime.http.WebReply;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The static files of the page. */
final class PageFiles {
    private static final int OK = 200;
    private static final String FOLDER = "/dev/precept/console/page/";
    private static final Pattern NAME = Pattern.compile("(?:pages/)?[a-z-]{1,40}\\.(?<type>html|js|css|svg)");
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml");

    private PageFiles() {}

    /** The file of a path, if it is one of the page. */
    static Optional<WebReply> read(String path) {
        String name = path.equals("/") ? "index.html" : path.substring(1);
        var match = NAME.matcher(name);
        if (!match.matches()) {
            return Optional.empty();
        }
        try (InputStream in = PageFiles.class.getResourceAsStream(FOLDER + name)) {
            return in == null
                    ? Optional.empty()
                    : Optional.of(
                            new WebReply(OK, TYPES.getOrDefault(match.group("type"), ""), in.readAllBytes(), Map.of()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the page " + name + " from the program", e);
        }
    }
}
