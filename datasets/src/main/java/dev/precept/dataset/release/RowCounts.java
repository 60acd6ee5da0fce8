package dev.precept.dataset.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.evidence.SampleTally;
import dev.precept.dataset.evidence.StoredSpecifications;
import dev.precept.records.CitationFindings;
import dev.precept.records.Leak;
import dev.precept.records.Message;
import dev.precept.records.Sample;
import dev.precept.records.ScreenFindings;
import dev.precept.records.Source;
import dev.precept.records.Usage;
import dev.precept.records.Vote;
import dev.precept.schemas.FindingKinds;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** Counts of samples for the manifest: histograms of some columns, and tokens. Counts of shards can be added. For one thread. */
final class RowCounts {
    static final String LEAKS = "leaks";
    /** In the column of leaks: samples with a leak of any kind. */
    static final String ANY = "any";

    static final String CITATIONS = "citations";
    static final String CITED = "cited";
    /** In both columns: samples of a run with this screen off. */
    static final String NOT_SCREENED = "not_screened";

    /** Samples whose attempt was a repair; absent if there are none. */
    static final String REPAIRED = "repaired";

    static final String SOURCE = "source";
    static final String LICENSE = "license";
    static final String CREATED_ON = "created_on";
    static final String SHAPE = "shape";
    static final String CLAUSES_CITED = "clauses_cited";
    static final String GENERATOR_TEMPLATE = "generator_template";
    static final String JUDGE_TEMPLATE = "judge_template";
    /** A prompt whose row states no licence. */
    static final String NOT_STATED = "not stated";
    /** Stands for all values after the first ones, where rows may have any number of them. */
    static final String OTHER = "(other values)";

    private static final int MOST_VALUES = 200;

    private final Map<String, Map<String, Long>> histograms = new TreeMap<>();
    private final Map<String, StoredSpecifications.ExcerptKey> excerpts = new TreeMap<>();
    private long equalAnswers;
    private final RowLengths lengths = new RowLengths();
    private final SampleTally evidence = new SampleTally();
    private Manifest.Tokens tokens = new Manifest.Tokens(0, 0, 0, 0);

    void count(Sample sample) {
        sample.getCategory().forEach(category -> add("category", category, 1));
        add("judge_min", String.valueOf(sample.getJudgeMin()), 1);
        add("spec_version", sample.getSpecVersion(), 1);
        add("model", sample.getGenerator().getModel(), 1);
        add("attempt", String.valueOf(sample.getAttempt()), 1);
        if (sample.getRepaired()) {
            add(REPAIRED, "true", 1);
        }
        add("response_style", String.valueOf(sample.getResponseStyle()).toLowerCase(Locale.ROOT), 1);
        screens(sample);
        origin(sample);
        add(SHAPE, RowShape.of(sample), 1);
        add(CLAUSES_CITED, String.valueOf(sample.getCitedClauses().size()), 1);
        add(GENERATOR_TEMPLATE, sample.getGenerator().getTemplate(), 1);
        sample.getJudge().stream().map(Vote::getTemplate).distinct().forEach(name -> add(JUDGE_TEMPLATE, name, 1));
        lengths.count(sample);
        evidence.add(sample);
        Usage used = sample.getGenerator().getUsage();
        add(new Manifest.Tokens(
                used.getPromptTokens(), used.getCachedTokens(), used.getCompletionTokens(), used.getReasoningTokens()));
    }

    private void origin(Sample sample) {
        Source source = sample.getSource();
        addOfMany(SOURCE, Optional.ofNullable(source.getName()).orElse(source.getUri()), 1);
        addOfMany(LICENSE, Optional.ofNullable(source.getLicense()).orElse(NOT_STATED), 1);
        add(
                CREATED_ON,
                sample.getCreatedAt().atOffset(ZoneOffset.UTC).toLocalDate().toString(),
                1);
    }

    /** A sample counts once for each kind of finding in each part, or as one without; or as one that was not searched. */
    private void screens(Sample sample) {
        ScreenFindings findings = sample.getFindings();
        List<Leak> leaks = findings == null ? null : findings.getLeaks();
        List<String> unknown = findings == null ? null : findings.getUnknownClauses();
        if (leaks == null) {
            add(LEAKS, NOT_SCREENED, 1);
        } else if (leaks.isEmpty()) {
            add(LEAKS, "none", 1);
        } else {
            leaks.forEach(leak -> add(LEAKS, leak.getPart() + ": " + leak.getKind(), 1));
            add(LEAKS, ANY, 1);
        }
        CitationFindings cited = findings == null ? null : findings.getCitations();
        boolean isCiting = cited == null ? !sample.getCitedClauses().isEmpty() : FindingKinds.isCiting(cited);
        add(CITATIONS, isCiting ? CITED : FindingKinds.UNCITED, 1);
        if (unknown == null) {
            add(CITATIONS, NOT_SCREENED, 1);
        } else if (!unknown.isEmpty()) {
            add(CITATIONS, FindingKinds.UNKNOWN_CLAUSE, 1);
        }
    }

    /** Whether only the reasoning differs decides which templates can learn from a pair. */
    void countPair(Sample chosen, Sample rejected) {
        Message one = chosen.getMessages().getLast();
        Message other = rejected.getMessages().getLast();
        if (Objects.equals(one.getContent(), other.getContent())
                && Objects.equals(one.getToolCalls(), other.getToolCalls())) {
            equalAnswers++;
        }
    }

    /** Pairs whose sides differ in the reasoning only. */
    long equalAnswers() {
        return equalAnswers;
    }

    /** Names the excerpt of a prompt. */
    void countPrompt(Sample sample) {
        StoredSpecifications.ExcerptKey key = new StoredSpecifications.ExcerptKey(
                sample.getSpecVersion(),
                sample.getSpecExcerptSha256(),
                sample.getCategory().stream().sorted().toList());
        excerpts.putIfAbsent(key.sha256(), key);
    }

    /** In order of their hashes. */
    Collection<StoredSpecifications.ExcerptKey> excerpts() {
        return excerpts.values();
    }

    void add(RowCounts other) {
        other.excerpts.forEach(excerpts::putIfAbsent);
        equalAnswers += other.equalAnswers;
        other.histograms.forEach((name, values) -> values.forEach((value, rows) -> addOfMany(name, value, rows)));
        lengths.add(other.lengths);
        evidence.add(other.evidence);
        add(other.tokens);
    }

    private void add(Manifest.Tokens more) {
        tokens = new Manifest.Tokens(
                tokens.prompt() + more.prompt(),
                tokens.cached() + more.cached(),
                tokens.completion() + more.completion(),
                tokens.reasoning() + more.reasoning());
    }

    private void add(String histogram, String value, long rows) {
        histograms.computeIfAbsent(histogram, name -> new TreeMap<>()).merge(value, rows, Long::sum);
    }

    /** Which values are the first depends on the order of the rows and shards, which is that of the version. */
    private void addOfMany(String histogram, String value, long rows) {
        Map<String, Long> values = histograms.getOrDefault(histogram, Map.of());
        boolean isOther = isOfMany(histogram) && values.size() >= MOST_VALUES && !values.containsKey(value);
        add(histogram, isOther ? OTHER : value, rows);
    }

    private static boolean isOfMany(String histogram) {
        return histogram.equals(SOURCE) || histogram.equals(LICENSE);
    }

    RowLengths lengths() {
        return lengths;
    }

    /** Of the kept samples. */
    SampleTally evidence() {
        return evidence;
    }

    /** Samples by value, by column. */
    Map<String, Map<String, Long>> histograms() {
        return histograms;
    }

    Manifest.Tokens tokens() {
        return tokens;
    }

    /** Equal counts give equal JSON. */
    ObjectNode json() {
        ObjectNode json = new ObjectMapper().createObjectNode();
        ObjectNode columns = json.putObject("histograms");
        histograms.forEach((name, values) -> values.forEach(columns.putObject(name)::put));
        json.putObject("tokens")
                .put("prompt", tokens.prompt())
                .put("cached", tokens.cached())
                .put("completion", tokens.completion())
                .put("reasoning", tokens.reasoning());
        if (equalAnswers > 0) {
            json.put("equal_answers", equalAnswers);
        }
        if (!excerpts.isEmpty()) {
            ArrayNode named = json.putArray("excerpts");
            excerpts.values().forEach(excerpt -> {
                ObjectNode entry = named.addObject()
                        .put("spec_version", excerpt.specVersion())
                        .put("sha256", excerpt.sha256());
                excerpt.categories().forEach(entry.putArray("categories")::add);
            });
        }
        json.set("lengths", lengths.json());
        json.set("evidence", evidence.json());
        return json;
    }

    /** Reads what {@link #json} gives. */
    static RowCounts of(JsonNode json) {
        RowCounts counts = new RowCounts();
        for (Map.Entry<String, JsonNode> column : json.path("histograms").properties()) {
            for (Map.Entry<String, JsonNode> value : column.getValue().properties()) {
                counts.add(column.getKey(), value.getKey(), value.getValue().asLong());
            }
        }
        counts.equalAnswers = json.path("equal_answers").asLong();
        for (JsonNode excerpt : json.path("excerpts")) {
            List<String> categories = new ArrayList<>();
            excerpt.path("categories").forEach(category -> categories.add(category.asText()));
            String sha256 = excerpt.path("sha256").asText();
            counts.excerpts.put(
                    sha256,
                    new StoredSpecifications.ExcerptKey(
                            excerpt.path("spec_version").asText(), sha256, categories));
        }
        counts.lengths.add(RowLengths.of(json.path("lengths")));
        counts.evidence.add(SampleTally.of(json.path("evidence")));
        JsonNode used = json.path("tokens");
        counts.tokens = new Manifest.Tokens(
                used.path("prompt").asLong(),
                used.path("cached").asLong(),
                used.path("completion").asLong(),
                used.path("reasoning").asLong());
        return counts;
    }
}
