package dev.precept.dataset.removal;

import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.FileRange;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.RejectedAttempts;
import dev.precept.dataset.RowSelector;
import dev.precept.dataset.Withdrawal;
import dev.precept.dataset.chain.ChainId;
import dev.precept.dataset.view.RowKind;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.schemas.Topics;
import dev.precept.store.ParallelCalls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;

/**
 * The committed rows that a selector matches: in which ranges they are, and which versions may have them.
 *
 * @param contents content hashes of the rows
 * @param samples ids of the samples among them
 * @param versions versions whose offsets include a row that no withdrawal of theirs leaves out
 */
record PurgeScan(List<FileRange> ranges, Set<String> contents, Set<String> samples, Set<String> versions) {
    private static final int MOST_THREADS = 4;

    /** Reads every committed row. */
    static PurgeScan read(CommittedRows rows, RangeFiles files, RowSelector selector, Collection<Manifest> versions)
            throws IOException {
        List<FileRange> all = new ArrayList<>(rows.ranges(Topics.SAMPLES.name()));
        all.addAll(rows.ranges(Topics.REJECTIONS.name()));
        List<VersionInput> inputs = versions.stream().map(VersionInput::of).toList();
        int threads = Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
        List<Hits> hits = ParallelCalls.map(all, threads, range -> {
            Hits found = new Hits(range, selector, inputs);
            files.forEach(range, found::add);
            return found;
        });
        List<FileRange> ranges = new ArrayList<>();
        Set<String> contents = new TreeSet<>();
        Set<String> samples = new HashSet<>();
        Set<String> affected = new TreeSet<>();
        for (Hits each : hits) {
            if (each.any) {
                ranges.add(each.range);
            }
            contents.addAll(each.contents);
            samples.addAll(each.samples);
            affected.addAll(each.versions);
        }
        return new PurgeScan(ranges, contents, samples, affected);
    }

    boolean isEmpty() {
        return ranges.isEmpty();
    }

    static boolean matches(RowSelector selector, SpecificRecord row) {
        return switch (row) {
            case Sample sample -> selector.matches(sample);
            case Rejection rejection -> selector.matches(rejection);
            default -> throw new IllegalArgumentException("not a row of a chain: " + row.getSchema());
        };
    }

    /**
     * @param attempts whether the version may contain rejected attempts
     * @param prompts whether it may contain the prompts of any attempts
     */
    private record VersionInput(
            String name, Map<ChainId, Long> offsets, List<Withdrawal> withdrawals, boolean attempts, boolean prompts) {
        static VersionInput of(Manifest manifest) {
            Map<ChainId, Long> offsets = new HashMap<>();
            manifest.offsets().forEach(end -> offsets.put(end.chain(), end.to()));
            return new VersionInput(
                    manifest.version(),
                    offsets,
                    manifest.recipe().withdrawals(),
                    hasAttempts(manifest),
                    manifest.recipe().rows().rlUnkept());
        }

        boolean mayContain(FileRange range, int commit, Sample row) {
            return offsets.getOrDefault(range.chain(), 0L) >= range.end(commit)
                    && withdrawals.stream().noneMatch(each -> each.selector().matches(row));
        }
    }

    /** Whether a version may contain rejected attempts. */
    static boolean hasAttempts(Manifest manifest) {
        return manifest.views().keySet().stream().anyMatch(view -> view.rowKind() == RowKind.PAIR)
                || manifest.recipe().threshold().isPresent();
    }

    /** What one range has. For one thread. */
    private static final class Hits {
        private final FileRange range;
        private final RowSelector selector;
        private final List<VersionInput> inputs;
        private final Set<String> contents = new HashSet<>();
        private final Set<String> samples = new HashSet<>();
        private final Set<String> versions = new HashSet<>();
        private boolean any;

        Hits(FileRange range, RowSelector selector, List<VersionInput> inputs) {
            this.range = range;
            this.selector = selector;
            this.inputs = inputs;
        }

        void add(int commit, SpecificRecord row) {
            if (!matches(selector, row)) {
                return;
            }
            any = true;
            if (row instanceof Sample sample) {
                contents.add(sample.getDedup().getContentHash());
                samples.add(sample.getSampleId());
                addVersions(commit, sample, _ -> true);
            } else if (row instanceof Rejection rejection) {
                RejectedAttempts.contentHash(rejection).ifPresent(contents::add);
                RejectedAttempts.asSample(rejection)
                        .ifPresent(attempt -> addVersions(commit, attempt, version -> version.attempts));
                RejectedAttempts.promptOf(rejection)
                        .ifPresent(prompt -> addVersions(commit, prompt, version -> version.prompts));
            }
        }

        private void addVersions(int commit, Sample row, Predicate<VersionInput> reads) {
            inputs.stream()
                    .filter(reads)
                    .filter(version -> version.mayContain(range, commit, row))
                    .forEach(version -> versions.add(version.name));
        }
    }
}
