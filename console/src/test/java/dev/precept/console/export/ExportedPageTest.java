package dev.precept.console.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class ExportedPageTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String HOSTILE = "</script><script>alert(1)</script><!-- <img src=x onerror=alert(2)>";

    private final String page = ExportedPage.of(
            "./d@v1, 1 of 1 rows",
            List.of(JSON.createObjectNode().put("id", "1").put("answer", HOSTILE)));

    private static String only(String regex, String text) {
        Matcher match = Pattern.compile(regex, Pattern.DOTALL).matcher(text);
        assertThat(match.find()).as(regex).isTrue();
        String found = match.group(1);
        assertThat(match.find()).as("%s once", regex).isFalse();
        return found;
    }

    @Test
    void aTextOfARowEndsNoElement() throws Exception {
        String rows = only("<script type=\"application/json\" id=\"rows\">([^<]*)</script>", page);
        JsonNode row = JSON.readTree(rows).get(0);
        assertThat(row.path("answer").asText()).isEqualTo(HOSTILE);
        assertThat(page.split("<script", -1)).hasSize(4); // what it is, the rows, and the page's own
    }

    @Test
    void itsPolicyAllowsItsOwnScriptAndStyleAndNothingElse() throws Exception {
        String policy = only("http-equiv=\"Content-Security-Policy\" content=\"([^\"]*)\"", page);
        String script = only("<script>(.*)</script>", page);
        String style = only("<style>(.*)</style>", page);
        assertThat(policy)
                .isEqualTo("default-src 'none'; script-src '" + hash(script) + "'; style-src '" + hash(style)
                        + "'; base-uri 'none'; form-action 'none'");
    }

    @Test
    void itLoadsNothing() {
        assertThat(page).doesNotContain("src=\"", "@import", "type=\"module\"").doesNotContainPattern("<link\\b");
    }

    private static String hash(String text) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        return "sha256-" + Base64.getEncoder().encodeToString(digest);
    }
}
