package dev.precept.dataset.removal;

import dev.precept.content.Sha256;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.Refs;
import dev.precept.dataset.RewritePlan;
import dev.precept.dataset.plan.ReleaseClaim;
import dev.precept.dataset.plan.ReleasePlans;
import dev.precept.dataset.release.Release;
import dev.precept.dataset.release.ReleaseSettings;
import dev.precept.dataset.release.ReleaseWork;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Makes the version that replaces a purged one, from the same commits, and moves the refs to it. */
final class VersionReplacement {
    private static final int LONGEST_NAME = 64;
    private static final int HASH_DIGITS = 12;
    private static final int MOST_ATTEMPTS = 3;

    private final Dataset dataset;
    private final RewritePlan.Purge purge;
    private final RemovalTemplates templates;
    private final Path spool;

    VersionReplacement(Dataset dataset, RewritePlan.Purge purge, RemovalTemplates templates, Path spool) {
        this.templates = templates;
        this.dataset = dataset;
        this.purge = purge;
        this.spool = spool;
    }

    /**
     * @return the name of the new version; empty if no row remains
     * @throws IOException if the store fails, or the version cannot be made now
     */
    Optional<String> replace(String version) throws IOException {
        String name = freeName(version);
        for (int attempt = 1; !dataset.versions().has(name); attempt++) {
            switch (make(version, name)) {
                case Release.Result.Released _ -> {}
                case Release.Result.NoRows _ -> {
                    return Optional.empty();
                }
                case Release.Result.Refused refused ->
                    throw new IOException("no version can replace " + version + ": " + refused.why());
                case Release.Result.GatesFailed _ -> throw new IllegalStateException("a replacement has no gates");
                case Release.Result.Incomplete incomplete ->
                    throw new IOException("no version can replace " + version + " while its runs are open: "
                            + String.join(", ", incomplete.runs()));
                case Release.Result.Abandoned abandoned -> {
                    if (attempt == MOST_ATTEMPTS) {
                        throw new IOException("the release that replaces " + version + " was given up, because "
                                + abandoned.why() + "; run the purge again");
                    }
                }
                case Release.Result.RangeStored _ ->
                    throw new IllegalStateException("a replacement is made by one process");
            }
        }
        moveRefs(version, name);
        return Optional.of(name);
    }

    private Release.Result make(String version, String name) throws IOException {
        Manifest manifest = dataset.versions().manifest(version).orElseThrow();
        ReleaseSettings settings = templates.settings(manifest, name);
        return AbandonedRelease.cleanUpAfter(
                dataset, name, () -> Release.makeFrom(dataset, version, settings, ReleaseWork.again(spool)));
    }

    /** The first name that is not taken, or that an earlier attempt took for this version. */
    private String freeName(String version) throws IOException {
        for (int attempt = 1; ; attempt++) {
            String name = name(version, purge.number(), attempt);
            Optional<Manifest> made = dataset.versions().manifest(name);
            if (made.isPresent() ? isReplacement(made.get(), version) : isFree(name, version)) {
                return name;
            }
        }
    }

    private boolean isReplacement(Manifest made, String version) {
        return made.from().equals(Optional.of(version))
                && purge.isLeftOutBy(made.recipe().withdrawals());
    }

    private boolean isFree(String name, String version) throws IOException {
        Optional<ReleaseClaim> claim = ReleasePlans.of(dataset).open(name);
        return dataset.refs().latestMove(name).isEmpty()
                && (claim.isEmpty() || claim.get().plan().from().equals(Optional.of(version)));
    }

    /**
     * The version, {@code .p} and the number of the purge. If that is too long, the version is cut and a hash of all of it is
     * added: no two versions have the same name.
     *
     * @param attempt from 1; a later one has another name
     */
    static String name(String version, long purge, int attempt) {
        String end = ".p" + purge + (attempt == 1 ? "" : "-" + attempt);
        if (version.length() + end.length() <= LONGEST_NAME) {
            return version + end;
        }
        String hash = "." + Sha256.hex(version).substring(0, HASH_DIGITS);
        return version.substring(0, LONGEST_NAME - hash.length() - end.length()) + hash + end;
    }

    /** A ref that another process moves meanwhile is looked up again. */
    private void moveRefs(String version, String name) throws IOException {
        for (String ref : dataset.refs().names()) {
            Optional<Refs.Move> at = dataset.refs().latestMove(ref);
            while (at.isPresent() && at.get().version().equals(version)) {
                at = switch (dataset.refs().move(ref, at, name)) {
                    case Refs.MoveResult.Applied applied -> Optional.of(applied.move());
                    case Refs.MoveResult.Conflict conflict -> conflict.current();
                };
            }
        }
    }
}
