package dev.precept.console.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;

/**
 * The page of the console with some rows in it, as one HTML text: it needs no server and no network. Its policy allows its own
 * script and style by their hashes and nothing else. Rows are data within it, and become text when they are shown.
 */
public final class ExportedPage {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FOLDER = "/dev/precept/console/page/";
    private static final String WARNING =
            "These rows are training data about safety. Prompts may be hostile, offensive or"
                    + " about harm; answers were judged by a model and may be wrong.";
    private static final String STYLE_LINK = "<link rel=\"stylesheet\" href=\"style.css\" />";
    private static final String ICON_LINK = "<link rel=\"icon\" href=\"icon.svg\" type=\"image/svg+xml\" />";
    private static final String SCRIPT_LINK = "<script type=\"module\" src=\"app.js\"></script>";

    private ExportedPage() {}

    /**
     * @param place what the rows are of, for the reader
     * @param rows as of {@link dev.precept.console.rows.ExportedRows}
     */
    public static String of(String place, List<? extends JsonNode> rows) {
        ObjectNode info = JSON.createObjectNode()
                .put("place", place)
                .put("read_only", true)
                .put("exported", true)
                .put("run", false)
                .put("try", false)
                .put("dataset", true)
                .put("warning", WARNING);
        String style = resource("style.css");
        String script = new ModuleJoiner(ExportedPage::resource).join("app.js");
        String policy = "default-src 'none'; script-src '" + hash(script) + "'; style-src '" + hash(style)
                + "'; base-uri 'none'; form-action 'none'";
        String page = resource("index.html");
        page = replaced(page, ICON_LINK, "<meta http-equiv=\"Content-Security-Policy\" content=\"" + policy + "\" />");
        page = replaced(page, STYLE_LINK, "<style>" + style + "</style>");
        page = replaced(page, SCRIPT_LINK, "");
        return replaced(
                page,
                "</body>",
                data("info", info.toString())
                        + data("rows", JSON.valueToTree(rows).toString())
                        + "<script>" + script + "</script>\n  </body>");
    }

    private static String replaced(String page, String part, String by) {
        if (!page.contains(part)) {
            throw new IllegalStateException("index.html of the page lacks " + part);
        }
        return page.replace(part, by);
    }

    /** No text of a row ends the element: {@code <} does not occur in it. */
    private static String data(String id, String json) {
        return "<script type=\"application/json\" id=\"" + id + "\">" + json.replace("<", "\\u003c")
                + "</script>\n    ";
    }

    private static String resource(String name) {
        try (InputStream in = ExportedPage.class.getResourceAsStream(FOLDER + name)) {
            if (in == null) {
                throw new IllegalArgumentException("the page has no " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the page " + name + " from the program", e);
        }
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
