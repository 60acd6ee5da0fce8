package dev.precept.dataset.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.content.Sha256;
import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.InvalidDocumentException;
import dev.precept.dataset.Layout;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.spool.Spool;
import dev.precept.spec.Excerpt;
import dev.precept.spec.Specification;
import dev.precept.store.StoreException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The numbers of a version that say how far its samples can be trusted: the member {@code evidence} of its manifest. Each is a
 * function of files of the dataset, and null where these do not hold it or hold too little.
 */
public final class Evidence {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Votes after the deciding one are only recorded. */
    private static final Set<String> NO_PART_OF_A_VERDICT = Set.of("judge.audit_share", "judge.stop_early");

    private final Dataset dataset;
    private final StoredSpecifications specifications;

    public Evidence(Dataset dataset, StoredSpecifications specifications) {
        this.dataset = dataset;
        this.specifications = specifications;
    }

    /**
     * The evidence document of a run as it is now, by its hash; empty if there is none.
     *
     * @throws IOException if the store fails
     */
    public static Optional<String> document(Dataset dataset, String runId) throws IOException {
        return dataset.store().read(Layout.runEvidence(runId)).map(Sha256::hex);
    }

    /**
     * Whether all votes that were compared are alike. Then there is no disagreement that chance could explain: alpha is null
     * though there are observations enough, and AC2 is 1.
     */
    public static boolean areVotesAlike(JsonNode evidence) {
        JsonNode judge = evidence.path("judge");
        return !judge.path("alpha").isNumber() && judge.path("ac2").isNumber();
    }

    /**
     * Computes the evidence of a version.
     *
     * @param recipe of the version
     * @param runs of the version, with the evidence documents that are read
     * @param rows the committed rows that it was made from
     * @param kept its samples
     * @throws IOException if a store or the spool fails, or a document is not the one that is named
     */
    public JsonNode compute(
            Manifest.ReleaseRecipe recipe,
            List<Manifest.SourceRun> runs,
            CommittedRows rows,
            SampleTally kept,
            Spool spool,
            int threads)
            throws IOException {
        return compute(recipe, runs, kept, EvidenceScan.scan(rows, recipe.withdrawals(), rows::local, spool, threads));
    }

    JsonNode compute(
            Manifest.ReleaseRecipe recipe,
            List<Manifest.SourceRun> runs,
            SampleTally kept,
            EvidenceScan.Scanned scanned)
            throws IOException {
        List<RunEvidence> documents = new ArrayList<>();
        for (Manifest.SourceRun run : runs) {
            read(run).ifPresent(documents::add);
        }
        boolean isComplete = !runs.isEmpty() && documents.size() == runs.size();
        GroupJson groups = new GroupJson(kept.counts(), scanned);
        ObjectNode json = JSON.createObjectNode();
        json.setAll(groups.of(GroupCounts.ALL));
        json.set("personal", groups.personal());
        json.set(
                "judge", new JudgeJson(scanned, isComplete ? documents : List.of(), isOfOneJudge(recipe, runs)).json());
        json.set("side_info", groups.sideInformation(scanned.prompts()));
        json.set("cost", groups.cost(isComplete ? Optional.of(documents) : Optional.empty()));
        ObjectNode styles = json.putObject("styles");
        groups.styles().forEach(style -> styles.set(style, groups.of(GroupCounts.style(style))));
        ObjectNode categories = json.putObject("categories");
        groups.categories().forEach(name -> categories.set(name, groups.of(GroupCounts.category(name))));
        json.set("clauses", clauses(kept, scanned.tally().counts()));
        Numbers.put(json, "saved_tokens_per_sample", savedTokens(kept));
        return JSON.readTree(JSON.writeValueAsBytes(json)); // numbers of the types that reading gives
    }

    private Optional<RunEvidence> read(Manifest.SourceRun run) throws IOException {
        if (run.evidence().isEmpty()) {
            return Optional.empty();
        }
        String key = Layout.runEvidence(run.runId());
        Optional<byte[]> stored = dataset.store().read(key);
        if (stored.isEmpty() || !Sha256.hex(stored.get()).equals(run.evidence().get())) {
            throw new StoreException.Corrupt(dataset.location() + "/" + key + " is "
                    + (stored.isEmpty() ? "missing" : "another document than the version was made from")
                    + "; put it back from a backup");
        }
        try {
            return Optional.of(RunEvidence.parse(stored.get()));
        } catch (InvalidDocumentException e) {
            throw new StoreException.Corrupt(dataset.location() + "/" + key + ": " + e.getMessage(), e);
        }
    }

    /**
     * Canaries were kept and turned away by the judges and the threshold of a run, so they say nothing about another threshold.
     * With several judges their sums would be those of the run with most canaries, and the candidates those of another one.
     */
    private static boolean isOfOneJudge(Manifest.ReleaseRecipe recipe, List<Manifest.SourceRun> runs) {
        return runs.stream().map(Evidence::judges).distinct().count() <= 1
                && (recipe.threshold().isEmpty()
                        || runs.stream()
                                .allMatch(run ->
                                        run.identity().path("judge.threshold").asDouble(-1)
                                                == recipe.threshold().get()));
    }

    /** What decides on a verdict, by its key. */
    private static Map<String, JsonNode> judges(Manifest.SourceRun run) {
        Map<String, JsonNode> judges = new TreeMap<>();
        for (Map.Entry<String, JsonNode> key : run.identity().properties()) {
            if (key.getKey().startsWith("judge.") && !NO_PART_OF_A_VERDICT.contains(key.getKey())) {
                judges.put(key.getKey(), key.getValue());
            }
        }
        return judges;
    }

    /** Also those that no reasoning cites, as far as their specification is stored. */
    private ObjectNode clauses(SampleTally kept, GroupCounts attempts) throws IOException {
        Map<String, Long> cited = attempts.below(GroupCounts.ALL, AttemptTally.CLAUSE_CITED);
        Map<String, Long> rejected = attempts.below(GroupCounts.ALL, AttemptTally.CLAUSE_REJECTED);
        Map<String, Long> ofKept = kept.counts().below(GroupCounts.ALL, SampleTally.CLAUSE);
        Set<String> ids = new TreeSet<>(cited.keySet());
        ids.addAll(ofKept.keySet());
        StylesAsked asked = new StylesAsked();
        Set<String> versions = new TreeSet<>();
        kept.excerpts().forEach(excerpt -> versions.add(excerpt.key().specVersion()));
        for (String version : versions) {
            Optional<Specification> specification = specifications.specification(version);
            if (specification.isPresent()) {
                specification.get().clauses().forEach(clause -> {
                    ids.add(clause.id());
                    asked.add(clause);
                });
            }
        }
        ObjectNode json = JSON.createObjectNode();
        for (String id : ids) {
            ObjectNode clause = json.putObject(id)
                    .put("cited", cited.getOrDefault(id, 0L))
                    .put("kept", ofKept.getOrDefault(id, 0L))
                    .put("rejected", rejected.getOrDefault(id, 0L));
            asked.put(clause, id, kept.counts());
        }
        return json;
    }

    /** Characters of the excerpts, by the characters of a token in the completions of the same samples. */
    private Optional<Double> savedTokens(SampleTally kept) throws IOException {
        long tokens = kept.counts().get(GroupCounts.ALL, SampleTally.COMPLETION_TOKENS);
        long characters = kept.counts().get(GroupCounts.ALL, SampleTally.COMPLETION_CHARACTERS);
        if (tokens == 0 || characters == 0) {
            return Optional.empty();
        }
        double sum = 0;
        long samples = 0;
        for (SampleTally.CountedExcerpt counted : kept.excerpts()) {
            Optional<Excerpt> excerpt = specifications.excerpt(counted.key());
            if (excerpt.isEmpty()) {
                return Optional.empty();
            }
            String text = excerpt.get().text();
            sum += (double) text.codePointCount(0, text.length()) * counted.samples();
            samples += counted.samples();
        }
        return Optional.of(Math.rint(sum / samples * tokens / characters));
    }
}
