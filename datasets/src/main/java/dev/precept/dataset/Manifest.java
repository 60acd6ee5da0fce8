package dev.precept.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.config.NearDuplicateSettings;
import dev.precept.config.QuotaSettings;
import dev.precept.dataset.chain.ChainId;
import dev.precept.dataset.parquet.WriterVersions;
import dev.precept.dataset.view.RowKind;
import dev.precept.dataset.view.Split;
import dev.precept.dataset.view.View;
import dev.precept.spec.Risk;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a version holds, what it was made from, and what was left out. Its JSON is described by
 * {@code docs/reference/manifest.schema.json}. Immutable.
 *
 * @param from the version whose commits were reused; empty for a version of all commits
 * @param writer the format, and the releases of the libraries that wrote the files: others write other bytes
 * @param rows samples that the version keeps
 * @param prompts prompts of these samples, by split
 * @param runs the runs whose rows were read
 * @param offsets where each chain ended
 * @param readmitted rejected attempts that the threshold let in; empty without a threshold
 * @param rejected slots by reason
 * @param invalid slots by reason
 * @param histograms kept samples by value, by column
 * @param evidence how far its samples can be trusted, as {@code dataset.evidence} computes it; empty of an earlier build
 * @param extraFiles files for readers beside the rows: excerpts of specifications, and what some trainers need
 * @param splits rows by view and split
 * @param views the files of each view, in reading order
 */
public record Manifest(
        String version,
        Optional<String> from,
        String datasetId,
        String writer,
        long rows,
        Map<Split, Long> prompts,
        Tokens tokens,
        ReleaseRecipe recipe,
        List<SourceRun> runs,
        List<ChainOffset> offsets,
        Removed removed,
        Optional<Long> readmitted,
        Map<String, Long> rejected,
        Map<String, Long> invalid,
        Map<String, Map<String, Long>> histograms,
        Optional<JsonNode> evidence,
        FileEntry card,
        List<FileEntry> extraFiles,
        Map<View, Map<Split, Long>> splits,
        Map<View, List<Shard>> views) {
    /** The format of this program; it reads no other. */
    public static final String FORMAT = "precept/0.2";

    public Manifest {
        prompts = Collections.unmodifiableMap(new TreeMap<>(prompts));
        runs = List.copyOf(runs);
        offsets = List.copyOf(offsets);
        extraFiles = List.copyOf(extraFiles);
        rejected = sorted(rejected);
        invalid = sorted(invalid);
        histograms = sorted(histograms);
        splits = byLabel(splits);
        views = byLabel(views);
    }

    /** The writer of the versions that this program makes. */
    public static String writerOfThisBuild() {
        return FORMAT + " " + WriterVersions.text();
    }

    /**
     * Tokens that the kept samples took to generate.
     *
     * @param cached the part of the prompt that the server had read before
     * @param reasoning the part of the completion that is reasoning
     */
    public record Tokens(long prompt, long cached, long completion, long reasoning) {}

    /**
     * What decides, with the offsets, which rows the version has.
     *
     * @param shards files of each split of each view, at most: a file has at least one row
     * @param worldSize ranks that the files are made for
     * @param validation share of the prompts in the validation split; of those that {@code earlierSplits} does not cover
     * @param earlierSplits what earlier versions with another share decided, which holds on; the earliest first
     * @param preferenceGap least distance of the two votes of a pair; empty without the preference view
     * @param threshold least lowest vote; empty for that of each run
     * @param templates chat templates that every row was checked against
     * @param withdrawals those in force when the version was made
     * @param rows what its rows are made of, beyond the views
     * @param labels what its card states
     * @param nearDuplicates what was done about rows that are nearly equal to an earlier one
     * @param curation which of the good rows it leaves out
     * @param gates limits of numbers of the evidence, by name
     */
    public record ReleaseRecipe(
            List<View> views,
            int shards,
            int worldSize,
            double validation,
            List<EarlierSplits> earlierSplits,
            Optional<Double> preferenceGap,
            Optional<Double> threshold,
            List<Template> templates,
            List<Withdrawal> withdrawals,
            RowOptions rows,
            Labels labels,
            NearDuplicates nearDuplicates,
            Curation curation,
            Map<String, Double> gates) {
        public ReleaseRecipe {
            gates = sorted(gates);
            views = List.copyOf(views);
            earlierSplits = List.copyOf(earlierSplits);
            templates = List.copyOf(templates);
            withdrawals = List.copyOf(withdrawals);
        }

        /** Least similarity of prompts that share a split; empty if the share alone decides. */
        public Optional<Double> similarPrompts() {
            return validation > 0 && nearDuplicates.prompts() != NearDuplicateSettings.Policy.OFF
                    ? Optional.of(nearDuplicates.threshold())
                    : Optional.empty();
        }
    }

    /**
     * The splits of the prompts of an earlier version: its share places every prompt that has a sample below its offsets.
     *
     * @param version its name when this was recorded
     * @param attempts whether it has prompts without a kept sample, so that prompts of rejected attempts count too
     * @param similar least similarity of prompts that share a split; empty if the share alone decided
     */
    public record EarlierSplits(
            String version, double validation, boolean attempts, Optional<Double> similar, List<ChainOffset> offsets) {
        public EarlierSplits {
            offsets = List.copyOf(offsets);
        }

        /** Whether another entry differs in its version and offsets only. */
        public boolean hasRuleOf(EarlierSplits other) {
            return validation == other.validation && attempts == other.attempts && similar.equals(other.similar);
        }
    }

    /**
     * Settings of rows.
     *
     * @param developerAsSystem whether turns of the developer are turns of the system
     * @param rlUnkept whether the prompts for reinforcement learning include those without a kept sample
     */
    public record RowOptions(boolean developerAsSystem, boolean rlUnkept) {
        /** Roles as in the prompts, and prompts with a kept sample only. */
        public static final RowOptions DEFAULT = new RowOptions(false, false);
    }

    public record Template(String name, String sha256) {}

    /**
     * What the makers of a dataset state about it.
     *
     * @param license identifier of its licence, as the Hugging Face Hub writes it; empty if none is stated
     * @param languages codes of its languages; empty if none is stated
     */
    public record Labels(Optional<String> license, List<String> languages) {
        /** Nothing is stated. */
        public static final Labels NONE = new Labels(Optional.empty(), List.of());

        public Labels {
            languages = List.copyOf(languages);
        }
    }

    /**
     * Settings that leave out good rows.
     *
     * @param semantic what is done about prompts that are alike in meaning; empty if they are not searched
     * @param quotas the most samples of some categories and styles
     * @param select how many of the others are taken; empty for all
     * @param maxRisk the highest risk of a row; empty for any
     */
    public record Curation(
            Optional<Semantic> semantic,
            List<QuotaSettings.Quota> quotas,
            Optional<Select> select,
            Optional<Risk.Level> maxRisk) {
        /** Every row stays. */
        public static final Curation NONE =
                new Curation(Optional.empty(), List.of(), Optional.empty(), Optional.empty());

        public Curation {
            quotas = List.copyOf(quotas);
        }
    }

    /**
     * The search for prompts that are alike in meaning.
     *
     * @param threshold least cosine
     * @param policy {@code report} or {@code reject}
     * @param model whose vectors are compared
     * @param mostChars of a prompt that are compared
     */
    public record Semantic(double threshold, String policy, String model, int mostChars) {}

    /**
     * A number of samples, an equal share of each cell.
     *
     * @param balance columns whose values make the cells; empty for one cell
     */
    public record Select(long total, List<String> balance) {
        public Select {
            balance = List.copyOf(balance);
        }
    }

    /**
     * What was done about near-duplicates.
     *
     * @param prompts about rows whose prompt is similar to that of another row
     * @param samples about rows whose reasoning is similar to that of another row
     * @param threshold least Jaccard similarity
     */
    public record NearDuplicates(
            NearDuplicateSettings.Policy prompts, NearDuplicateSettings.Policy samples, double threshold) {
        /** They were not searched. */
        public static final NearDuplicates OFF = new NearDuplicates(
                NearDuplicateSettings.Policy.OFF,
                NearDuplicateSettings.Policy.OFF,
                NearDuplicateSettings.DEFAULT.threshold());

        /** Of a recipe. The threshold counts only if anything is searched. */
        public static NearDuplicates of(NearDuplicateSettings settings) {
            NearDuplicates given = new NearDuplicates(settings.prompts(), settings.samples(), settings.threshold());
            return given.isOn() ? given : OFF;
        }

        /** Whether anything is searched. */
        public boolean isOn() {
            return prompts != NearDuplicateSettings.Policy.OFF || samples != NearDuplicateSettings.Policy.OFF;
        }
    }

    /**
     * A run whose rows were read.
     *
     * @param identity what decides what the run makes; its keys are the run's
     * @param evidence SHA-256 of its evidence document; empty if there was none when the version was planned
     */
    public record SourceRun(String runId, JsonNode identity, Optional<String> evidence) {}

    /** @param to the first offset that was not read */
    public record ChainOffset(ChainId chain, long to) {}

    /**
     * Committed samples that the version leaves out.
     *
     * @param exactDuplicates number of samples with the content of a kept one
     * @param belowThreshold empty without a threshold
     * @param selected number of samples that later steps of the selection left out, by reason
     * @param reported number of kept samples that the file names too, by reason
     * @param file names each of them
     */
    public record Removed(
            long exactDuplicates,
            Optional<Long> belowThreshold,
            List<WithdrawnRows> withdrawn,
            Map<String, Long> selected,
            Map<String, Long> reported,
            RowsFile file) {
        public Removed {
            withdrawn = List.copyOf(withdrawn);
            selected = sorted(selected);
            reported = sorted(reported);
        }
    }

    /**
     * What one withdrawal left out of this version.
     *
     * @param attempts rejected attempts that it left out of pairs
     */
    public record WithdrawnRows(long number, String why, long samples, long attempts) {}

    /** @param path below the folder of the version */
    public record FileEntry(String path, long bytes, String sha256) {}

    /** @param path below the folder of the version */
    public record RowsFile(String path, long rows, long bytes, String sha256) {}

    /** @param path below the folder of the version */
    public record Shard(String path, Split split, long rows, long bytes, String sha256) {}

    /**
     * Reads what {@link #write} gives. Unknown members are ignored.
     *
     * @throws InvalidDocumentException if it is not JSON, of another format, or has a missing or wrong member
     */
    public static Manifest read(byte[] json) throws InvalidDocumentException {
        return ManifestJson.read(JsonMembers.parse(json));
    }

    /** The extra files that readers of some of the views need; the prompts of the user's own, and the description, go with all rows. */
    public List<FileEntry> extraFilesOf(Collection<View> some) {
        boolean hasPrompts = some.stream().anyMatch(view -> view.rowKind() == RowKind.PROMPT);
        return extraFiles.stream()
                .filter(file -> file.path().startsWith(Layout.TEMPLATES)
                        || file.path().equals(Layout.CROISSANT)
                        || (file.path().startsWith("specs/") ? hasPrompts : some.contains(View.SFT_THINK)))
                .toList();
    }

    /** The bytes of {@code manifest.json}; equal manifests give equal bytes. */
    public byte[] write() {
        return Dataset.pretty(ManifestJson.write(this));
    }

    private static <V> Map<String, V> sorted(Map<String, V> map) {
        return Collections.unmodifiableMap(new TreeMap<>(map));
    }

    private static <V> Map<View, V> byLabel(Map<View, V> map) {
        Map<View, V> sorted = new TreeMap<>(Comparator.comparing(View::label));
        sorted.putAll(map);
        return Collections.unmodifiableMap(sorted);
    }
}
