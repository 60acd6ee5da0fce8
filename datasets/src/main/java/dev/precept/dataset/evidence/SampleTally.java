package dev.precept.dataset.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Counts of the samples that a version keeps, of all and by category and response style: votes, citations, leaks, personal
 * data, and what their excerpts are. Tallies of shards can be added. Memory grows with the number of categories, clauses and
 * excerpts only. For one thread.
 */
public final class SampleTally {
    static final String SAMPLES = "samples";
    static final String VOTES = "votes/";
    static final String LOWEST = "lowest/";
    static final String SCREENED = "citations.samples";
    static final String CITED = "citations.cited";
    static final String FALSE = "citations.false";
    static final String IN_CATEGORY = "citations.in_category";
    static final String SEARCHED = "leaks.samples";
    static final String LEAK = "leaks.any";
    static final String LEAK_OF = "leaks.of.";
    static final String PERSONAL_SEARCHED = "personal.samples";
    static final String PERSONAL = "personal.any";
    static final String PERSONAL_KIND = "personal/";
    static final String FORM_KNOWN = "hard_refusals.samples";
    static final String HARD_REFUSAL = "hard_refusals.any";
    static final String CLAUSE = "clause/";
    static final String COMPLETION_TOKENS = "completion.tokens";
    static final String COMPLETION_CHARACTERS = "completion.characters";

    /** The columns that are counted. */
    static final List<String> COLUMNS = List.of(
            "category",
            "response_style",
            "judge.score",
            "judge_min",
            "findings",
            "cited_clauses",
            "spec_version",
            "spec_excerpt_sha256",
            "tools",
            "reasoning",
            "answer",
            "generator.usage.completion_tokens");

    private static final int HIGHEST = 10;
    private static final List<String> VOTES_BY_GRADE = byGrade(VOTES);
    private static final List<String> LOWEST_BY_GRADE = byGrade(LOWEST);

    private final GroupCounts counts = new GroupCounts();
    private final Map<String, CountedExcerpt> excerpts = new TreeMap<>();

    /** A part of a specification, and the samples that were generated with it. */
    record CountedExcerpt(StoredSpecifications.ExcerptKey key, long samples) {}

    /** Counts a kept sample with the citations that the screen stored with it. */
    public void add(IndexedRecord sample) {
        Row row = new Row(sample);
        add(row, CitationFacts.of(row));
    }

    /** @param citations null if none were read */
    void add(Row sample, @Nullable CitationFacts citations) {
        List<String> names = names(sample);
        List<String> groups = groups(sample);
        for (String group : groups) {
            counts.addOne(group, names);
            if (citations != null) {
                add(group, citations);
            }
        }
        personalKinds(sample);
        for (String clause : citations == null ? sample.texts("cited_clauses") : citations.clauses()) {
            counts.add(GroupCounts.ALL, CLAUSE + clause, 1);
            counts.add(style(sample), CLAUSE + clause, 1);
        }
        texts(sample);
    }

    private void add(String group, CitationFacts citations) {
        counts.add(group, SCREENED, 1);
        counts.add(group, CITED, citations.clauses().isEmpty() ? 0 : 1);
        counts.add(group, FALSE, citations.hasFalse() ? 1 : 0);
        counts.add(group, IN_CATEGORY, citations.inCategory() ? 1 : 0);
    }

    static List<String> groups(Row row) {
        List<String> groups = new ArrayList<>();
        groups.add(GroupCounts.ALL);
        row.texts("category").stream().distinct().forEach(category -> groups.add(GroupCounts.category(category)));
        groups.add(style(row));
        return groups;
    }

    private static String style(Row row) {
        return GroupCounts.style(Objects.requireNonNullElse(row.text("response_style"), GroupCounts.NO_STYLE));
    }

    /** The counts that the sample adds one to, in each of its groups. */
    private static List<String> names(Row sample) {
        List<String> names = new ArrayList<>();
        names.add(SAMPLES);
        names.add(LOWEST_BY_GRADE.get(grade(sample.number("judge_min"))));
        List<Row> votes = sample.rows("judge");
        if (votes != null) {
            votes.forEach(vote -> names.add(VOTES_BY_GRADE.get(grade(vote.number("score")))));
        }
        Row findings = sample.row("findings");
        if (findings != null) {
            parts(names, findings.rows("leaks"), SEARCHED, LEAK, LEAK_OF);
            parts(names, findings.rows("personal"), PERSONAL_SEARCHED, PERSONAL, "");
            if (findings.get("hard_refusal") != null) {
                names.add(FORM_KNOWN);
                if (findings.isTrue("hard_refusal")) {
                    names.add(HARD_REFUSAL);
                }
            }
        }
        return names;
    }

    private static void parts(
            List<String> names, @Nullable List<Row> found, String searched, String any, String ofPart) {
        if (found == null) {
            return;
        }
        names.add(searched);
        if (!found.isEmpty()) {
            names.add(any);
        }
        if (!ofPart.isEmpty()) {
            found.stream().map(each -> each.requireText("part")).distinct().forEach(part -> names.add(ofPart + part));
        }
    }

    /** Votes are counted by their whole points. */
    private static int grade(@Nullable Double score) {
        return score == null ? 0 : (int) Math.clamp(Math.floor(score), 0, HIGHEST);
    }

    private static List<String> byGrade(String prefix) {
        return IntStream.rangeClosed(0, HIGHEST)
                .mapToObj(grade -> prefix + grade)
                .toList();
    }

    private void personalKinds(Row sample) {
        Row findings = sample.row("findings");
        List<Row> personal = findings == null ? null : findings.rows("personal");
        if (personal != null) {
            personal.stream()
                    .map(each -> each.requireText("part") + ": " + each.requireText("kind"))
                    .distinct()
                    .forEach(kind -> counts.add(GroupCounts.ALL, PERSONAL_KIND + kind, 1));
        }
    }

    /** What tells the length of an excerpt in tokens of the generator. */
    private void texts(Row sample) {
        Row generator = sample.row("generator");
        Row usage = generator == null ? null : generator.row("usage");
        long tokens = usage == null ? 0 : usage.count("completion_tokens");
        if (tokens > 0 && sample.get("tools") == null) {
            counts.add(GroupCounts.ALL, COMPLETION_TOKENS, tokens);
            counts.add(
                    GroupCounts.ALL,
                    COMPLETION_CHARACTERS,
                    characters(sample.text("reasoning")) + characters(sample.text("answer")));
        }
        String sha256 = sample.requireText("spec_excerpt_sha256");
        CountedExcerpt counted = excerpts.get(sha256);
        if (counted != null) {
            excerpts.put(sha256, new CountedExcerpt(counted.key, counted.samples + 1));
            return;
        }
        add(new CountedExcerpt(
                new StoredSpecifications.ExcerptKey(
                        sample.requireText("spec_version"),
                        sha256,
                        sample.texts("category").stream().sorted().toList()),
                1));
    }

    private static long characters(@Nullable String text) {
        return text == null ? 0 : text.codePointCount(0, text.length());
    }

    private void add(CountedExcerpt excerpt) {
        excerpts.merge(
                excerpt.key.sha256(),
                excerpt,
                (one, other) -> new CountedExcerpt(one.key, one.samples + other.samples));
    }

    public void add(SampleTally other) {
        counts.add(other.counts);
        other.excerpts.values().forEach(this::add);
    }

    /** The number of samples that were added. */
    public long samples() {
        return counts.get(GroupCounts.ALL, SAMPLES);
    }

    GroupCounts counts() {
        return counts;
    }

    Collection<CountedExcerpt> excerpts() {
        return excerpts.values();
    }

    /** Equal tallies give equal JSON. */
    public ObjectNode json() {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.set("counts", counts.json());
        ArrayNode named = json.putArray("excerpts");
        excerpts.values().forEach(excerpt -> {
            ObjectNode entry = named.addObject()
                    .put("spec_version", excerpt.key.specVersion())
                    .put("sha256", excerpt.key.sha256())
                    .put("samples", excerpt.samples);
            excerpt.key.categories().forEach(entry.putArray("categories")::add);
        });
        return json;
    }

    /** Reads what {@link #json} gives. */
    public static SampleTally of(JsonNode json) {
        SampleTally tally = new SampleTally();
        tally.counts.add(GroupCounts.of(json.path("counts")));
        for (JsonNode excerpt : json.path("excerpts")) {
            tally.add(new CountedExcerpt(
                    new StoredSpecifications.ExcerptKey(
                            excerpt.path("spec_version").asText(),
                            excerpt.path("sha256").asText(),
                            excerpt.path("categories")
                                    .valueStream()
                                    .map(JsonNode::asText)
                                    .toList()),
                    excerpt.path("samples").asLong()));
        }
        return tally;
    }
}
