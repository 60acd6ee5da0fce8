package dev.precept.dataset;

import dev.precept.content.Sha256;
import dev.precept.dataset.chain.ChainId;
import dev.precept.dataset.view.Split;
import dev.precept.dataset.view.View;
import dev.precept.store.ObjectStore;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The keys of a dataset in its store: each pattern is here once, those of commits and data in {@link ChainId}. */
public final class Layout {
    /** The key that makes a location a dataset. */
    public static final String IDENTITY = "dataset.json";

    public static final String LOG = ChainId.LOG;
    public static final String DATA = ChainId.DATA;
    public static final String CHECKPOINTS = ChainId.CHECKPOINTS;
    public static final String RUNS = "runs/";
    private static final String RUN_EVIDENCE = RUNS + "evidence/";
    public static final String SPECIFICATIONS = "specs/";
    public static final String EVALUATIONS = "evaluations/";
    public static final String GATES = "gates/";
    public static final String TEMPLATES = "templates/";
    public static final String RELEASES = "releases/";
    public static final String PLANS = "plans/";
    public static final String REFS = "refs/";
    public static final String WITHDRAWALS = "withdrawals/";
    /** What persons say about verdicts of judges. */
    public static final String CALIBRATIONS = "calibration/";

    public static final String REWRITES = "rewrites/";
    public static final String REWRITE_PLANS = REWRITES + "plans/";
    public static final String REWRITES_DONE = REWRITES + "done/";
    public static final String AUDIT = "audit/";

    /** Replies of models, by hash of the request; the response cache names them. */
    public static final String CACHE = "cache/";

    public static final String CACHE_SECRET = CACHE + "secret";

    /** Vectors of texts, by model. */
    private static final String VECTORS = CACHE + "vectors/";

    /** Below the folder of a version, and of a pulled one. */
    public static final String MANIFEST = "manifest.json";

    /** Below the folder of a version, and of a pulled one. */
    public static final String CARD = "README.md";
    /** The description of a version for machines, below its folder. */
    public static final String CROISSANT = "croissant.json";

    private static final Pattern TEMPLATE_HASH = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern JOURNAL_ENTRY = Pattern.compile("\\d{20}\\.json");
    private static final String JSON = ".json";
    private static final String REMOVALS = "removals/";
    private static final String BUNDLE = "/bundle.json";
    private static final String PLAN_FILE = "plan.json";
    private static final Pattern PLAN_KEY =
            Pattern.compile(PLANS + "(?<version>[^/]+)/(?<claim>[1-9]\\d{0,8})/" + PLAN_FILE);

    private Layout() {}

    /** What a key is for. */
    public enum Kind {
        IDENTITY,
        COMMIT,
        DATA,
        /** Copies of commits; derived, so that it may be deleted. */
        CHECKPOINT,
        RUN,
        SPECIFICATION,
        /** Compiled evaluation sets, which runs name by their hash, and evaluations of versions. */
        EVALUATION,
        /** Rules for the moves of refs. */
        GATE,
        /** A prompt of a user's own. */
        TEMPLATE,
        RELEASE,
        /** Claims of version names, each with its plan and its outcome. */
        PLAN,
        REF,
        WITHDRAWAL,
        CALIBRATION,
        REWRITE,
        AUDIT,
        CACHE,
        /** A check whether the store is writable; a crash may leave one. */
        PROBE,
        /** A write in progress. */
        STAGED,
        /** Not written by Precept. */
        UNKNOWN
    }

    /** @param path below the folder of the version */
    public record ReleaseFile(String version, String path) {
        public boolean isManifest() {
            return path.equals(MANIFEST);
        }
    }

    public static Kind kindOf(String key) {
        if (key.equals(IDENTITY)) {
            return Kind.IDENTITY;
        } else if (key.startsWith(ObjectStore.STAGING_PREFIX)) {
            return Kind.STAGED;
        } else if (key.startsWith(ObjectStore.PROBE_PREFIX)) {
            return Kind.PROBE;
        }
        return switch (key.substring(0, key.indexOf('/') + 1)) {
            case LOG -> Kind.COMMIT;
            case DATA -> Kind.DATA;
            case CHECKPOINTS -> Kind.CHECKPOINT;
            case RUNS -> Kind.RUN;
            case SPECIFICATIONS -> Kind.SPECIFICATION;
            case EVALUATIONS -> Kind.EVALUATION;
            case GATES -> Kind.GATE;
            case TEMPLATES -> Kind.TEMPLATE;
            case RELEASES -> Kind.RELEASE;
            case PLANS -> Kind.PLAN;
            case REFS -> Kind.REF;
            case WITHDRAWALS -> Kind.WITHDRAWAL;
            case CALIBRATIONS -> Kind.CALIBRATION;
            case REWRITES -> Kind.REWRITE;
            case AUDIT -> Kind.AUDIT;
            case CACHE -> Kind.CACHE;
            default -> Kind.UNKNOWN;
        };
    }

    public static String run(String runId) {
        return RUNS + runId + JSON;
    }

    /** @param recovery from 1 */
    public static String recoveredRun(String runId, int recovery) {
        return RUNS + runId + ".recovered-" + recovery + JSON;
    }

    /** A run's name has no slash, so that this is the key of no other run. */
    public static String closedRun(String runId) {
        return RUNS + "closed/" + runId + JSON;
    }

    /** What a complete run has spent, and what its judges did with canaries. As {@link #closedRun}, no run's own key. */
    public static String runEvidence(String runId) {
        return RUN_EVIDENCE + runId + JSON;
    }

    /** Whether a key below {@link #RUNS} is of evidence and not the entry of a run. */
    public static boolean isRunEvidence(String key) {
        return key.startsWith(RUN_EVIDENCE);
    }

    /** @param version the SHA-256 of the bundle */
    public static String specification(String version) {
        return SPECIFICATIONS + version + BUNDLE;
    }

    /** The version of the specification whose bundle a key is; empty for a key that is none. */
    public static Optional<String> parseSpecification(String key) {
        return key.startsWith(SPECIFICATIONS) && key.endsWith(BUNDLE)
                ? Optional.of(key.substring(SPECIFICATIONS.length(), key.length() - BUNDLE.length()))
                : Optional.empty();
    }

    /** @param sha256 of the compiled evaluation sets */
    public static String evaluation(String sha256) {
        return EVALUATIONS + sha256 + ".bin";
    }

    /** The evaluations of a version. A version's name has no slash, so that this has the keys of no compiled set. */
    public static String evaluationsOf(String version) {
        return EVALUATIONS + version + "/";
    }

    /** The folder of the cached vectors of an embedding model. */
    public static String vectors(String model) {
        return VECTORS + Sha256.hex(model).substring(0, 16) + "/";
    }

    /**
     * A prompt of a user's own, in the dataset and below the folder of a version.
     *
     * @param sha256 of its text, which rows name as their template
     */
    public static String template(String sha256) {
        return TEMPLATES + sha256 + ".md";
    }

    /** Whether the template that a row names is a file, and not a built-in one. */
    public static boolean isTemplateFile(String version) {
        return TEMPLATE_HASH.matcher(version).matches();
    }

    /** The folder of a version. */
    public static String release(String version) {
        return RELEASES + version + "/";
    }

    /** @param path below the folder of the version */
    public static String releaseFile(String version, String path) {
        return release(version) + path;
    }

    public static String manifest(String version) {
        return releaseFile(version, MANIFEST);
    }

    public static String card(String version) {
        return releaseFile(version, CARD);
    }

    /** Below the folder of the version: a folder for each view, in it one for each split. */
    public static String shard(View view, Split split, int shard, int shards) {
        return String.format(
                Locale.ROOT,
                "%1$s/%2$s/%2$s-%3$05d-of-%4$05d%5$s",
                view.label(),
                split.label(),
                shard,
                shards,
                view.extension());
    }

    /** The file of a version; empty for a key that is none. */
    public static Optional<ReleaseFile> parseRelease(String key) {
        int end = key.startsWith(RELEASES) ? key.indexOf('/', RELEASES.length()) : -1;
        return end < 0 || end + 1 == key.length()
                ? Optional.empty()
                : Optional.of(new ReleaseFile(key.substring(RELEASES.length(), end), key.substring(end + 1)));
    }

    /** The claims of a version's name. */
    public static String plans(String version) {
        return PLANS + version + "/";
    }

    /** @param claim from 1 */
    public static String claim(String version, long claim) {
        return plans(version) + claim + "/";
    }

    public static String plan(String version, long claim) {
        return claim(version, claim) + PLAN_FILE;
    }

    public static String outcome(String version, long claim) {
        return claim(version, claim) + "outcome.json";
    }

    /** @param shard identifies the shard among those of the version */
    public static String finishedShard(String version, long claim, String shard) {
        return claim(version, claim) + "shards/" + shard + JSON;
    }

    /** The deletions of the files of a claim. */
    public static String claimRemovals(String version, long claim) {
        return claim(version, claim) + REMOVALS;
    }

    /** Whether a key below the claims of a version records a deletion, or the end of one. */
    public static boolean isRemoval(String key) {
        return key.startsWith(PLANS) && key.contains("/" + REMOVALS);
    }

    /** The version that a key below the claims is about. */
    public static String versionOfPlan(String key) {
        return key.substring(PLANS.length(), key.indexOf('/', PLANS.length()));
    }

    public static String rewritePlan(long number) {
        return journalEntry(REWRITE_PLANS, number);
    }

    /** @param number from 1 */
    public static String calibration(long number) {
        return journalEntry(CALIBRATIONS, number);
    }

    /** The number of a completed rewrite; empty for a key that is none. */
    public static OptionalLong parseDoneRewrite(String key) {
        return key.startsWith(REWRITES_DONE) ? parseJournalEntry(REWRITES_DONE, key) : OptionalLong.empty();
    }

    /** The claim of a plan; empty for a key that is none. */
    public static Optional<ClaimKey> parsePlan(String key) {
        Matcher plan = PLAN_KEY.matcher(key);
        return plan.matches()
                ? Optional.of(new ClaimKey(plan.group("version"), Long.parseLong(plan.group("claim"))))
                : Optional.empty();
    }

    /** @param number from 1 */
    public record ClaimKey(String version, long number) {}

    /** The folder of a ref's moves. */
    public static String ref(String name) {
        return REFS + name + "/";
    }

    /** The name of the ref that a move belongs to. */
    static String parseRef(String key) {
        return key.substring(REFS.length(), key.indexOf('/', REFS.length()));
    }

    public static String refMove(String name, long number) {
        return journalEntry(ref(name), number);
    }

    static String audit(String name) {
        return AUDIT + name + JSON;
    }

    /** @param number from 1 */
    public static String journalEntry(String prefix, long number) {
        return prefix + String.format(Locale.ROOT, "%020d", number) + JSON;
    }

    /** The number of a journal's entry; empty for a key that is none. */
    static OptionalLong parseJournalEntry(String prefix, String key) {
        String name = key.substring(prefix.length());
        return JOURNAL_ENTRY.matcher(name).matches()
                ? OptionalLong.of(Long.parseLong(name.substring(0, name.length() - JSON.length())))
                : OptionalLong.empty();
    }
}
