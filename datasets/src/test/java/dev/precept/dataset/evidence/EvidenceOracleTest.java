package dev.precept.dataset.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.DuckDb;
import dev.precept.dataset.release.Release;
import dev.precept.dataset.release.ReleaseSettings;
import dev.precept.dataset.view.View;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SQL over the files of a dataset, which shares no code with a release, gives the numbers of its evidence. */
class EvidenceOracleTest {
    @TempDir
    private static Path folder;

    private static Path files;
    private static JsonNode evidence;

    @BeforeAll
    static void release() throws IOException {
        CommittedDataset dataset = EvidenceRows.commit(folder, true);
        assertThat(Release.make(
                        dataset.dataset(),
                        new ReleaseSettings("v1", List.of(View.SFT, View.RL, View.RAW), 2),
                        folder.resolve("drafts")))
                .isInstanceOf(Release.Result.Released.class);
        files = dataset.folder();
        evidence = dataset.manifest("v1").path("evidence");
    }

    /** Kept samples, all candidates, their votes and what they cite, as tables. */
    private static String sql(String query) {
        String samples = "read_parquet('" + files + "/data/samples-*/*.parquet')";
        String rejections = "read_parquet('" + files + "/data/rejections-*/*.parquet')";
        return "WITH kept AS (SELECT * FROM " + samples + " WHERE sample_id IN (SELECT sample_id FROM '" + files
                + "/releases/v1/sft/train/*.parquet')),"
                + " candidates AS (SELECT sample_id AS id, prompt_id, judge, audited, category, generator, findings,"
                + " cited_clauses, 'ACCEPTED' AS reason, lower(response_style) AS style FROM " + samples
                + " UNION ALL SELECT run_id || slot_id || attempt, prompt_id, judge, audited, category, generator,"
                + " findings, cited_clauses, reason, lower(response_style) FROM " + rejections
                + " WHERE NOT terminal AND attempt IS NOT NULL),"
                + " ends AS (SELECT * FROM " + rejections + " WHERE terminal AND outcome = 'REJECTED'),"
                + " votes AS (SELECT id, prompt_id, audited, unnest(judge) AS vote FROM candidates),"
                + " units AS (SELECT id, count(*) AS m, list(vote.score) AS scores FROM votes WHERE audited GROUP BY id)"
                + " " + query;
    }

    private static List<String> one(String query) {
        return DuckDb.one(sql(query));
    }

    private static double number(String query) {
        return Double.parseDouble(one(query).getFirst());
    }

    private static Map<String, String> map(String query) {
        Map<String, String> found = new TreeMap<>();
        DuckDb.query(sql(query))
                .forEach(row -> found.put(row.getFirst(), String.join(",", row.subList(1, row.size()))));
        return found;
    }

    private static Map<String, String> map(JsonNode counts) {
        Map<String, String> found = new TreeMap<>();
        counts.properties()
                .forEach(count -> found.put(count.getKey(), count.getValue().asText()));
        return found;
    }

    private static List<String> texts(JsonNode node, String... names) {
        return List.of(names).stream().map(name -> node.path(name).asText()).toList();
    }

    private static final String CITATIONS = "count(findings.citations), count_if(len(findings.citations.cited) > 0),"
            + " count_if(len(findings.citations.false_citations) > 0),"
            + " count_if(len(list_filter(findings.citations.cited, lambda c: c.place = 'category')) > 0)";
    private static final String LEAKS = "count(findings.leaks),"
            + " count_if(len(list_filter(findings.leaks, lambda l: l.part = 'reasoning')) > 0),"
            + " count_if(len(list_filter(findings.leaks, lambda l: l.part = 'answer')) > 0),"
            + " count_if(len(findings.leaks) > 0)";

    @Test
    void citationsLeaksAndPersonalData() {
        assertThat(texts(evidence.path("citations"), "samples", "cited", "false", "in_category"))
                .isEqualTo(one("SELECT " + CITATIONS + " FROM kept"))
                .doesNotContain("0");
        assertThat(texts(evidence.path("leaks"), "samples", "reasoning", "answer", "any"))
                .isEqualTo(one("SELECT " + LEAKS + " FROM kept"))
                .doesNotContain("0");
        assertThat(List.of(
                        evidence.path("personal").path("samples").asText(),
                        evidence.path("personal").path("any").asText(),
                        evidence.path("hard_refusals").asText()))
                .isEqualTo(one("SELECT count(findings.personal), count_if(len(findings.personal) > 0),"
                        + " count_if(findings.hard_refusal) FROM kept"));
        assertThat(map(evidence.path("personal").path("kinds")))
                .isEqualTo(map("SELECT p.part || ': ' || p.kind, count(*) FROM (SELECT unnest(findings.personal) AS p"
                        + " FROM kept) GROUP BY 1"));
    }

    @Test
    void everyCategoryAndStyle() {
        for (Map.Entry<String, String> by : Map.of(
                        "categories",
                        "list_contains(category, '%s')",
                        "styles",
                        "coalesce(lower(response_style), 'none') = '%s'")
                .entrySet()) {
            assertThat(evidence.path(by.getKey()).size()).isGreaterThan(1);
            evidence.path(by.getKey()).properties().forEach(group -> {
                String where = " FROM kept WHERE " + String.format(by.getValue(), group.getKey());
                JsonNode numbers = group.getValue();
                assertThat(texts(numbers.path("citations"), "samples", "cited", "false", "in_category"))
                        .as(group.getKey())
                        .isEqualTo(zerosAreNull(one("SELECT " + CITATIONS + where)));
                assertThat(texts(numbers.path("leaks"), "samples", "reasoning", "answer", "any"))
                        .as(group.getKey())
                        .isEqualTo(zerosAreNull(one("SELECT " + LEAKS + where)));
                assertThat(map(numbers.path("lowest_votes")))
                        .isEqualTo(map("SELECT CAST(floor(judge_min) AS INT), count(*)" + where + " GROUP BY 1"));
                assertThat(map(numbers.path("votes")))
                        .isEqualTo(map("SELECT CAST(floor(v.score) AS INT), count(*) FROM (SELECT unnest(judge) AS v"
                                + where + ") GROUP BY 1"));
            });
        }
        assertThat(map(evidence.path("categories").path("privacy").path("rejected")))
                .isEqualTo(map("SELECT reason, count(*) FROM ends WHERE list_contains(category, 'privacy') GROUP BY 1"))
                .isNotEmpty();
    }

    private static List<String> zerosAreNull(List<String> counts) {
        return counts.getFirst().equals("0") ? List.of("0", "null", "null", "null") : counts;
    }

    /** Krippendorff's α for interval data, and Gwet's AC2 with quadratic weights, straight from their definitions. */
    @Test
    void agreementOfVotes() {
        JsonNode judge = evidence.path("judge");
        assertThat(judge.path("audited").asLong())
                .isEqualTo((long) number("SELECT count(*) FROM units WHERE m > 1"))
                .isGreaterThan(30);
        double alpha = number(", pairable AS (SELECT * FROM units WHERE m > 1),"
                + " one AS (SELECT id, m, unnest(scores) AS a FROM pairable),"
                + " within AS (SELECT sum((x.a - y.a) ** 2 / (x.m - 1)) AS d FROM one x JOIN one y USING (id)),"
                + " across AS (SELECT sum((x.a - y.a) ** 2) AS d FROM one x, one y),"
                + " total AS (SELECT count(*) AS n FROM one)"
                + " SELECT 1 - (within.d / n) / (across.d / (n * (n - 1))) FROM within, across, total");
        assertThat(judge.path("alpha").asDouble()).isCloseTo(alpha, within(1e-6));
        double ac2 = number(", one AS (SELECT id, m, floor(unnest(scores) + 0.5) AS a FROM units),"
                + " grades AS (SELECT unnest(range(0, 11)) AS k),"
                + " weights AS (SELECT x.k AS k, y.k AS l, 1 - ((x.k - y.k) / 10) ** 2 AS w FROM grades x, grades y),"
                + " r AS (SELECT id, any_value(m) AS m, k, count_if(a = k) AS n FROM one, grades GROUP BY id, k),"
                + " near_of AS (SELECT r.id, weights.k AS k, sum(w * r.n) AS n FROM r JOIN weights ON l = r.k"
                + " GROUP BY r.id, weights.k),"
                + " observed AS (SELECT avg(p) AS p FROM (SELECT sum(r.n * (near_of.n - 1)) / any_value(m * (m - 1)) AS p"
                + " FROM r JOIN near_of USING (id, k) WHERE m > 1 GROUP BY id)),"
                + " shares AS (SELECT k, avg(n / m) AS p FROM r GROUP BY k),"
                + " chance AS (SELECT (SELECT sum(w) FROM weights) * sum(p * (1 - p)) / (11 * 10) AS p FROM shares)"
                + " SELECT (observed.p - chance.p) / (1 - chance.p) FROM observed, chance");
        assertThat(judge.path("ac2").asDouble()).isCloseTo(ac2, within(1e-6));
    }

    @Test
    void judgesCanariesAndTheCorrectedShare() {
        JsonNode judge = evidence.path("judge");
        double judged = number("SELECT count_if(reason IN ('ACCEPTED', 'LOW_SCORE')) FROM candidates");
        double low = number("SELECT count_if(reason = 'LOW_SCORE') FROM candidates");
        assertThat(judge.path("judged").asDouble()).isEqualTo(judged);
        assertThat(judge.path("turned_away").asDouble()).isEqualTo(low);
        String canaries = "SELECT sum(c.%s) / sum(c.kept + c.turned_away) FROM (SELECT unnest(canaries) AS c FROM"
                + " read_json('" + files + "/runs/evidence/*.json')) WHERE c.expected = '%s'";
        double sensitivity = number(String.format(canaries, "turned_away", "turn_away"));
        double specificity = number(String.format(canaries, "kept", "keep"));
        assertThat(judge.path("sensitivity").asDouble()).isCloseTo(sensitivity, within(1e-6));
        assertThat(judge.path("specificity").asDouble()).isCloseTo(specificity, within(1e-6));
        double turnedAway = low / judged;
        double bad = (turnedAway + specificity - 1) / (sensitivity + specificity - 1);
        assertThat(judge.path("bad_among_kept").asDouble())
                .isCloseTo((1 - sensitivity) * bad / (1 - turnedAway), within(1e-6));
    }

    @Test
    void disagreementWithSideInformationWorstFirst() {
        assertThat(texts(evidence.path("side_info"), "votes", "disagree"))
                .isEqualTo(one("SELECT count(vote.agree), count_if(NOT vote.agree) FROM votes"));
        List<List<String>> worst = DuckDb.query(sql("SELECT prompt_id, count(vote.agree) AS n,"
                + " count_if(NOT vote.agree) AS d FROM votes GROUP BY 1 HAVING d > 0"
                + " ORDER BY d / n DESC, n DESC, prompt_id LIMIT 20"));
        assertThat(evidence.path("side_info")
                        .path("prompts")
                        .valueStream()
                        .map(prompt -> texts(prompt, "prompt_id", "votes", "disagree")))
                .hasSize(20)
                .isEqualTo(worst);
    }

    @Test
    void coverageOfEachClause() {
        String cited = "(SELECT unnest(CASE WHEN findings.citations IS NULL THEN cited_clauses ELSE"
                + " list_transform(findings.citations.cited, lambda c: c.clause) END) AS id FROM %s)";
        Map<String, String> sql = map("SELECT id, sum(cited)::INT, sum(kept)::INT, sum(rejected)::INT FROM ("
                + "SELECT id, 1 AS cited, 0 AS kept, 0 AS rejected FROM " + String.format(cited, "candidates")
                + " UNION ALL SELECT id, 0, 1, 0 FROM " + String.format(cited, "kept")
                + " UNION ALL SELECT id, 0, 0, 1 FROM "
                + String.format(cited, "candidates WHERE reason <> 'ACCEPTED'") + ") GROUP BY 1");
        Map<String, String> found = new TreeMap<>();
        evidence.path("clauses")
                .properties()
                .forEach(clause -> found.put(
                        clause.getKey(), String.join(",", texts(clause.getValue(), "cited", "kept", "rejected"))));
        assertThat(found).isEqualTo(sql).hasSizeGreaterThan(2);
        for (Map.Entry<String, String> asked :
                Map.of("knives-K1", "refuse", "fire-F1", "comply").entrySet()) {
            assertThat(texts(evidence.path("clauses").path(asked.getKey()), "asks", "as_asked"))
                    .isEqualTo(one(
                            "SELECT '" + asked.getValue() + "', count(*) FROM (SELECT lower(response_style) AS style,"
                                    + " unnest(CASE WHEN findings.citations IS NULL THEN cited_clauses ELSE"
                                    + " list_transform(findings.citations.cited, lambda c: c.clause) END) AS id FROM kept)"
                                    + " WHERE id = '" + asked.getKey() + "' AND style = '" + asked.getValue() + "'"))
                    .doesNotContain("0");
        }
        assertThat(evidence.path("clauses").path("be_brief").has("asks")).isFalse();
    }

    @Test
    void costAndSavedTokens() {
        JsonNode cost = evidence.path("cost");
        double usd = number("SELECT sum(roles.generator.usd + roles.judge.usd) FROM read_json('" + files
                + "/runs/evidence/*.json')");
        double accepted = number("SELECT count_if(reason = 'ACCEPTED') FROM candidates");
        assertThat(cost.path("usd").asDouble()).isEqualTo(usd);
        assertThat(cost.path("usd_per_accepted").asDouble()).isCloseTo(usd / accepted, within(1e-6));
        assertThat(cost.path("generation_usd_per_accepted").asDouble())
                .isCloseTo(number("SELECT sum(generator.cost_usd) FROM candidates") / accepted, within(1e-6));
        double saved = number("SELECT round((SELECT avg(length(content)) FROM kept JOIN read_text('" + files
                + "/releases/v1/specs/*/excerpts/*.md') excerpts ON contains(excerpts.filename, kept.spec_excerpt_sha256))"
                + " * sum(generator.usage.completion_tokens) / sum(length(reasoning) + length(answer))) FROM kept"
                + " WHERE tools IS NULL");
        assertThat(evidence.path("saved_tokens_per_sample").asDouble())
                .isEqualTo(saved)
                .isGreaterThan(10);
    }
}
