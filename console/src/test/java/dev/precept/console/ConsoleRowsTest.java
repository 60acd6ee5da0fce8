package dev.precept.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.removal.Compaction;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsoleRowsTest {
    private static final String HOSTILE_ID = NeutralRows.sample(3).getSampleId();

    @TempDir
    private static Path folder;

    private static ConsoleFixture console;

    @BeforeAll
    static void open() throws IOException {
        console = new ConsoleFixture(ConsoleFixture.dataset(folder));
    }

    @AfterAll
    static void close() {
        console.close();
    }

    @Test
    void pagesHoldEveryRowOnce() {
        List<String> ids = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = console.rows("?limit=4" + cursor);
            assertThat(page.path("total").asInt()).isEqualTo(16);
            page.path("rows").forEach(row -> ids.add(row.path("id").asText()));
            cursor = page.path("next").isNull()
                    ? ""
                    : "&cursor=" + page.path("next").asText();
        } while (!cursor.isEmpty());
        assertThat(ids).hasSize(16).doesNotHaveDuplicates();
    }

    @ParameterizedTest(name = "{0}: {1} rows")
    @CsvSource({
        "outcome=accepted, 12",
        "outcome=rejected, 3",
        "outcome=invalid, 1",
        "reason=LOW_SCORE, 3",
        "reason=low_score&category=privacy, 3",
        "reason=CONTAMINATED, 0",
        "clause=harassment-banter, 1",
        "style=comply&outcome=accepted, 8",
        "judges=disagree, 1",
        "finding=false_citation, 1",
        "source=nowhere, 0",
    })
    void filtersSelectRows(String query, int rows) {
        JsonNode page = console.rows("?" + query);
        assertThat(page.path("total").asInt()).isEqualTo(rows);
        assertThat(page.path("rows")).hasSize(rows);
    }

    @Test
    void aFacetCountsWhatItsOwnConditionLeavesOut() {
        JsonNode facets = console.rows("?outcome=rejected").path("facets");
        assertThat(facets.path("outcome").toString()).isEqualTo("[[\"accepted\",12],[\"rejected\",3],[\"invalid\",1]]");
        assertThat(facets.path("reason").toString()).isEqualTo("[[\"LOW_SCORE\",3]]");
    }

    @Test
    void hostileTextIsJsonAndNothingElse() {
        console.rows("");
        HttpResponse<String> list =
                console.send(console.request("/api/rows?outcome=accepted").GET().build());
        HttpResponse<String> row =
                console.send(console.request("/api/rows/" + HOSTILE_ID).GET().build());
        assertThat(List.of(list, row)).allSatisfy(response -> {
            assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
            assertThat(response.headers().firstValue("x-content-type-options")).hasValue("nosniff");
            assertThat(response.headers().firstValue("content-security-policy").orElse(""))
                    .contains("default-src 'self'");
        });
        JsonNode whole = ConsoleFixture.json(row);
        assertThat(whole.path("reasoning").asText()).isEqualTo(ConsoleFixture.HOSTILE);
        assertThat(whole.path("votes").path(0).path("reason").asText()).isEqualTo(ConsoleFixture.HOSTILE);
        assertThat(list.body().length()).as("a list holds beginnings").isLessThan(20_000);
    }

    @Test
    void aRowHasItsCitationsInPlaceAndWhatIsFalse() {
        console.rows("");
        JsonNode row = console.get("/api/rows/" + NeutralRows.sample(4).getSampleId());
        String reasoning = row.path("reasoning").asText();
        List<String> found = new ArrayList<>();
        row.path("citations")
                .forEach(span -> found.add(span.path("form").asText() + " "
                        + span.path("clause").asText("-") + ": "
                        + reasoning.substring(
                                span.path("start").asInt(), span.path("end").asInt())));
        assertThat(found)
                .containsExactly(
                        "id harassment-banter: harassment-banter",
                        "quote harassment-banter: " + ConsoleFixture.QUOTED,
                        "id -: harassment-made-up");
        assertThat(row.path("clauses").path(0).path("heading").asText()).isEqualTo("Friendly teasing and roasts");
    }

    @Test
    void aRowHasTheOtherAttemptsOfItsSlot() {
        console.rows("");
        JsonNode kept = console.get("/api/rows/" + NeutralRows.sample(1).getSampleId());
        assertThat(kept.path("attempts")).hasSize(1);
        assertThat(kept.path("attempts").path(0).path("answer").asText()).isEqualTo("Bad answer 1");
        JsonNode rejected = console.rows("?reason=LOW_SCORE");
        JsonNode second = console.get(
                "/api/rows/" + rejected.path("rows").path(1).path("id").asText());
        assertThat(second.path("attempts").findValuesAsText("number")).containsExactly("1");
    }

    @Test
    void aSearchSendsHitsAndSaysWhetherThereAreMore() {
        console.rows("");
        String events = console.send(
                        console.request("/api/search?q=BAD%20ANSWER").GET().build())
                .body();
        assertThat(events.split("event: row\n", -1)).hasSize(4);
        assertThat(events).endsWith("event: done\ndata: {\"more\":false,\"complete\":true}\n\n");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "/api/rows?limit=0, 400",
        "/api/rows?limit=201, 400",
        "/api/rows?limit=x, 400",
        "/api/rows?cursor=x, 400",
        "/api/rows?outcome=none, 400",
        "/api/rows?finding=none, 400",
        "/api/rows?near=zz, 400",
        "/api/rows/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef, 404",
        "/api/rows/..%2f..%2fdataset.json, 404",
        "/api/specs/..%2f..%2fdataset, 404",
        "/api/versions/..%2fdataset, 404",
        "/api/none, 404",
        "/../dataset.json, 404",
        "/pages/..%2findex.html, 404",
        "/api/search, 400",
    })
    void aBadRequestIsAProblemDocument(String path, int status) {
        HttpResponse<String> response = console.send(console.request(path).GET().build());
        assertThat(response.statusCode()).as(response.body()).isIn(status, 400);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/problem+json");
    }

    @Test
    void newCommitsAreSeenAndACompactionLosesNone(@TempDir Path other) throws IOException, InterruptedException {
        CommittedDataset dataset = ConsoleFixture.dataset(other);
        try (ConsoleFixture grown = new ConsoleFixture(dataset)) {
            assertThat(grown.rows("").path("total").asInt()).isEqualTo(16);
            dataset.samples(1, List.of(NeutralRows.sample(50), NeutralRows.sample(51)));
            dataset.complete();
            awaitTotal(grown, 18);
            Compaction.execute(dataset.dataset(), other.resolve("compaction"), Compaction.FILE_BYTES);
            awaitTotal(grown, 18);
            assertThat(grown.rows("?limit=100").path("rows")).hasSize(18);
        }
    }

    @Test
    void aSearchThatCannotReadAFileSaysSo(@TempDir Path other) throws IOException {
        CommittedDataset dataset = ConsoleFixture.dataset(other);
        try (ConsoleFixture broken = new ConsoleFixture(dataset)) {
            broken.rows("");
            try (Stream<Path> files = Files.walk(dataset.folder())) {
                for (Path file : files.filter(each -> each.toString().endsWith(".parquet"))
                        .toList()) {
                    Files.delete(file);
                }
            }
            HttpResponse<String> found =
                    broken.send(broken.request("/api/search?q=answer").GET().build());
            assertThat(found.body())
                    .contains("event: problem\ndata: {\"text\":\"")
                    .contains(" is gone");
        }
    }

    private static void awaitTotal(ConsoleFixture console, int total) {
        long end = System.nanoTime() + 10_000_000_000L;
        while (console.rows("").path("total").asInt() != total) {
            assertThat(System.nanoTime()).as("10 s").isLessThan(end);
        }
    }
}
