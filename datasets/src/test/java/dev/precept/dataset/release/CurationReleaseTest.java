package dev.precept.dataset.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.config.NearDuplicateSettings.Policy;
import dev.precept.config.QuotaSettings;
import dev.precept.config.QuotaSettings.Quota;
import dev.precept.content.Sha256;
import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.DuckDb;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.verify.Verification;
import dev.precept.dataset.view.View;
import dev.precept.records.Sample;
import dev.precept.records.Seq;
import dev.precept.testkit.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.Condition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Near-duplicates, quotas and a selection together: no group of similar samples is lost while there is a place for one. */
final class CurationReleaseTest {
    private static final double THRESHOLD = 0.8;
    private static final int ROUNDS = Integer.getInteger("precept.rounds", 3);
    private static final Manifest.NearDuplicates REJECT =
            new Manifest.NearDuplicates(Policy.REJECT, Policy.REJECT, THRESHOLD);

    @TempDir
    private Path folder;

    private int made;

    @Test
    void whatHasAQuotaOfZeroTakesNoPlaceFromASimilarSample() throws IOException {
        Sample forbidden = sample("ask", 0, 1, "fraud");
        Sample allowed = sample("ask", 3, 2, "privacy");
        // Similar to the second one only, so that it would stay if the second one fell at first.
        Sample last = sample("ask", 6, 3, "privacy");
        CommittedDataset dataset = commit(List.of(forbidden, allowed, last), 1);
        release(dataset, quotas(new Quota("fraud", Optional.empty(), 0)), null);
        Map<String, List<String>> removed = removed(dataset);
        assertThat(removed).containsOnlyKeys(forbidden.getSampleId(), last.getSampleId());
        assertThat(removed.get(forbidden.getSampleId())).startsWith("over_quota");
        assertThat(removed.get(last.getSampleId())).startsWith("near_duplicate_prompt", allowed.getSampleId());
    }

    @Test
    void theNextMemberOfAGroupStaysWhereTheFirstIsOverItsQuota() throws IOException {
        List<Sample> fraud = new ArrayList<>(List.of(sample("ask", 0, 1, "fraud"), sample("tell", 0, 2, "fraud")));
        fraud.sort(Comparator.comparing(Sample::getSampleId));
        String family = fraud.getLast().getMessages().get(1).getContent().equals(SimilarSamples.text("ask", 0))
                ? "ask"
                : "tell";
        Sample next = sample(family, 1, 3, "privacy");
        Sample last = sample(family, 2, 4, "privacy");
        CommittedDataset dataset = commit(List.of(fraud.getFirst(), fraud.getLast(), next, last), 1);
        release(dataset, quotas(new Quota("fraud", Optional.empty(), 1)), null);
        Map<String, List<String>> removed = removed(dataset);
        assertThat(removed).containsOnlyKeys(fraud.getLast().getSampleId(), last.getSampleId());
        assertThat(removed.get(last.getSampleId())).startsWith("near_duplicate_prompt", next.getSampleId());
    }

    @Test
    void aSelectionFillsASmallCellWithWhatFellToRowsThatItDoesNotTake() throws IOException {
        List<Sample> samples = new ArrayList<>();
        for (int n = 0; n < 20; n++) {
            samples.add(sample("family " + n, 0, n, "fraud"));
            samples.add(sample("family " + n, 1, n + 50, "privacy"));
        }
        CommittedDataset dataset = commit(samples, 1);
        release(dataset, QuotaSettings.NONE, new Manifest.Select(8, List.of("category")));
        assertThat(samples.stream()
                        .filter(sample -> !removed(dataset).containsKey(sample.getSampleId()))
                        .map(sample -> sample.getCategory().getFirst()))
                .hasSize(8)
                .haveExactly(4, new Condition<>("privacy"::equals, "privacy"));
    }

    @Test
    void noGroupIsLostWhileThereIsAPlaceForOne() throws IOException {
        Random random = new Random(Seed.choose(getClass()));
        for (int round = 0; round < ROUNDS; round++) {
            Case settings = Case.choose(random);
            List<Sample> samples = samples(random, settings.select() == null);
            CommittedDataset dataset = commit(samples, random.nextLong());
            release(dataset, settings.quotas(), settings.select());
            CommittedDataset other = commit(samples, random.nextLong());
            release(other, settings.quotas(), settings.select());
            assertThat(hash(other)).as(settings.toString()).isEqualTo(hash(dataset));
            check(samples, removed(dataset), settings);
            assertThat(Verification.verify(dataset.dataset(), Optional.of("v1"), InstantSource.system())
                            .problems())
                    .allMatch(problem -> problem.key().startsWith("specs/"));
        }
    }

    /** @param select whose columns a sample has one value of */
    private record Case(QuotaSettings quotas, Manifest.@Nullable Select select) {
        static Case choose(Random random) {
            List<Quota> quotas = new ArrayList<>();
            for (String category : List.of("fraud", "privacy", "other")) {
                if (random.nextBoolean()) {
                    quotas.add(new Quota(category, Optional.empty(), random.nextInt(7)));
                }
            }
            Manifest.Select select = random.nextBoolean()
                    ? null
                    : new Manifest.Select(
                            1 + random.nextInt(15), random.nextInt(3) == 0 ? List.of() : List.of("category"));
            return new Case(new QuotaSettings(quotas), select);
        }
    }

    private static List<Sample> samples(Random random, boolean hasSeveral) {
        List<String> categories = List.of("fraud", "privacy", "other", "other");
        List<Sample> samples = new ArrayList<>();
        for (int n = 0; n < 40; n++) {
            String question = SimilarSamples.text("prompt " + n / 4, 3 * (n % 4));
            List<String> category = new ArrayList<>(List.of(categories.get(random.nextInt(4))));
            if (hasSeveral && random.nextInt(5) == 0) {
                category.add("privacy");
            }
            for (int slot = 0; slot < 1 + random.nextInt(2); slot++) {
                String thought = SimilarSamples.text("thought " + random.nextInt(30), 3 * random.nextInt(4));
                Sample sample =
                        SimilarSamples.sample(question, slot, thought, new Seq((long) random.nextInt(1000), n, slot));
                sample.setCategory(category.stream().distinct().toList());
                samples.add(sample);
            }
        }
        return samples;
    }

    private static void check(List<Sample> samples, Map<String, List<String>> removed, Case settings) {
        List<Sample> kept = samples.stream()
                .filter(sample -> !removed.containsKey(sample.getSampleId()))
                .toList();
        for (Sample sample : kept) {
            assertThat(similar(sample, kept)).as("kept pairs").isFalse();
        }
        Function<Sample, String> category = categories(samples);
        Map<String, Integer> quotas = settings.quotas().quotas().stream()
                .collect(Collectors.toMap(Quota::category, quota -> (int) quota.samples()));
        Map<String, Integer> counts = new TreeMap<>();
        kept.forEach(sample -> counts.merge(category.apply(sample), 1, Integer::sum));
        quotas.forEach((name, most) -> assertThat(counts.getOrDefault(name, 0)).isLessThanOrEqualTo(most));
        Manifest.Select select = settings.select();
        boolean isTotalTaken = select != null && kept.size() == select.total();
        boolean isBalanced = select != null && !select.balance().isEmpty();
        int fullest = counts.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        for (Sample sample : samples) {
            List<String> why = removed.get(sample.getSampleId());
            if (why != null) {
                String own = category.apply(sample);
                int taken = counts.getOrDefault(own, 0);
                boolean isFull = taken >= quotas.getOrDefault(own, Integer.MAX_VALUE)
                        || (select != null && why.getFirst().equals("over_quota"));
                boolean isUnwanted = isTotalTaken && (!isBalanced || taken + 1 >= fullest);
                assertThat(isFull || isUnwanted || similar(sample, kept))
                        .as(settings + ": " + own + " has " + taken + ", removed as " + why)
                        .isTrue();
            }
        }
        assertThat(kept).isNotEmpty();
    }

    /** The category that the fewest samples have. */
    private static Function<Sample, String> categories(List<Sample> samples) {
        Map<String, Long> counts = samples.stream()
                .flatMap(sample -> sample.getCategory().stream())
                .collect(Collectors.groupingBy(each -> each, Collectors.counting()));
        return sample -> sample.getCategory().stream()
                .min(Comparator.<String, Long>comparing(counts::get).thenComparing(Comparator.naturalOrder()))
                .orElseThrow();
    }

    private static boolean similar(Sample sample, List<Sample> others) {
        return others.stream()
                .filter(other -> !other.getSampleId().equals(sample.getSampleId()))
                .anyMatch(other -> (!other.getPromptId().equals(sample.getPromptId()) && similar(sample, other, true))
                        || similar(sample, other, false));
    }

    private static boolean similar(Sample sample, Sample other, boolean isPrompt) {
        return SimilarityOracle.similarity(
                        SimilarityOracle.text(sample, isPrompt), SimilarityOracle.text(other, isPrompt))
                >= THRESHOLD;
    }

    private static Sample sample(String family, int changes, int offset, String category) {
        Sample sample = SimilarSamples.sample(
                SimilarSamples.text(family, changes),
                0,
                SimilarSamples.text("thought " + offset, 0),
                new Seq((long) offset, 0, 0));
        sample.setCategory(List.of(category));
        return sample;
    }

    private static QuotaSettings quotas(Quota... quotas) {
        return new QuotaSettings(List.of(quotas));
    }

    private CommittedDataset commit(List<Sample> samples, long seed) throws IOException {
        made++;
        CommittedDataset dataset =
                new CommittedDataset(folder.resolve("dataset-" + made), folder.resolve("spool-" + made));
        List<Sample> mixed = new ArrayList<>(samples);
        Collections.shuffle(mixed, new Random(seed));
        dataset.samples(0, mixed.subList(0, mixed.size() / 2));
        dataset.samples(1, mixed.subList(mixed.size() / 2, mixed.size()));
        dataset.complete();
        return dataset;
    }

    private void release(CommittedDataset dataset, QuotaSettings quotas, Manifest.@Nullable Select select)
            throws IOException {
        ReleaseSettings settings = new ReleaseSettings("v1", List.of(View.RAW), 1)
                .withNearDuplicates(REJECT)
                .withCuration(new CurationSettings(Optional.empty(), quotas, Optional.ofNullable(select)));
        assertThat(Release.make(dataset.dataset(), settings, folder.resolve("drafts")))
                .isInstanceOf(Release.Result.Released.class);
    }

    private static String hash(CommittedDataset dataset) throws IOException {
        Path version = dataset.folder().resolve("releases/v1");
        List<Path> shards;
        try (Stream<Path> files = Files.walk(version)) {
            shards = files.filter(file -> file.toString().endsWith(".parquet"))
                    .sorted()
                    .toList();
        }
        StringBuilder hashes = new StringBuilder();
        for (Path shard : shards) {
            hashes.append(version.relativize(shard))
                    .append(' ')
                    .append(Sha256.hex(shard))
                    .append('\n');
        }
        return hashes.toString();
    }

    private static Map<String, List<String>> removed(CommittedDataset dataset) {
        return DuckDb.query("SELECT sample_id, reason, duplicate_of FROM '"
                        + dataset.folder().resolve("releases/v1/removed/*.parquet") + "'")
                .stream()
                .collect(Collectors.toMap(List::getFirst, row -> row.subList(1, 3)));
    }
}
