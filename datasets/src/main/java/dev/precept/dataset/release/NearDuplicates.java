package dev.precept.dataset.release;

import dev.precept.config.NearDuplicateSettings.Policy;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.neardup.Match;
import dev.precept.dataset.neardup.SimilarTexts;
import dev.precept.dataset.spool.EntryTable;
import dev.precept.dataset.spool.Spool;
import java.io.IOException;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Leaves out, or reports, candidates whose prompt or reasoning is similar to that of a kept one before them in the order.
 * A candidate falls only to a row that stays, so no group of similar rows loses all of its members. If a later step leaves
 * such a row out, those that fell to it are compared again with the rows that are left. The candidates of one prompt are
 * siblings: their prompts are never compared. For one thread.
 */
final class NearDuplicates implements AutoCloseable {
    /** The candidate that another one falls to, plus one; the reason; the similarity. */
    private static final int FALLEN_WIDTH = 2 * Integer.BYTES + Long.BYTES;

    private static final int REASON = Integer.BYTES;
    private static final int SIMILARITY = 2 * Integer.BYTES;

    /** Bytes on disk of a candidate. */
    static final long BYTES_OF_ROW = FALLEN_WIDTH + Integer.BYTES;

    private final OrderedCandidates candidates;
    private final IndexFiles files;
    private final Manifest.NearDuplicates settings;
    private final @Nullable SimilarTexts prompts;
    private final @Nullable SimilarTexts reasonings;

    /** By the first candidate of a prompt: the first one that is kept, plus one. */
    private final EntryTable keptOfPrompt;

    /** First candidates of the prompts that others are compared with. */
    private final BitSet comparedPrompts = new BitSet();

    private final EntryTable fallen;
    private final Map<RemovedEntry.Reason, Long> counts = new EnumMap<>(RemovedEntry.Reason.class);

    private NearDuplicates(
            SignedRows rows,
            OrderedCandidates candidates,
            IndexFiles files,
            Manifest.NearDuplicates settings,
            Spool spool)
            throws IOException {
        this.candidates = candidates;
        this.files = files;
        this.settings = settings;
        this.keptOfPrompt = new EntryTable(spool, "kept-of-prompt", Integer.BYTES, candidates.size());
        this.fallen = new EntryTable(spool, "fallen", FALLEN_WIDTH, candidates.size());
        try {
            BitSet first = new BitSet();
            for (int number = 0; number < candidates.size(); number++) {
                if (candidates.isKept(number)) {
                    first.set(candidates.firstOfPrompt(number));
                }
            }
            this.prompts = settings.prompts() == Policy.OFF ? null : similar(spool, "similar-prompts");
            if (prompts != null) {
                rows.read(SignedRows.Kind.PROMPT, prompts, first::get);
            }
            this.reasonings = settings.samples() == Policy.OFF ? null : similar(spool, "similar-reasonings");
            if (reasonings != null) {
                rows.read(SignedRows.Kind.REASONING, reasonings, candidates::isKept);
            }
        } catch (IOException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** Compares the candidates that were not left out. */
    static NearDuplicates find(
            SignedRows rows,
            OrderedCandidates candidates,
            IndexFiles files,
            Manifest.NearDuplicates settings,
            Spool spool)
            throws IOException {
        NearDuplicates pass = new NearDuplicates(rows, candidates, files, settings, spool);
        try {
            for (int number = 0; number < candidates.size(); number++) {
                if (candidates.isKept(number)) {
                    pass.decide(number);
                }
            }
            return pass;
        } catch (IOException | RuntimeException | Error e) {
            pass.close();
            throw e;
        }
    }

    private SimilarTexts similar(Spool spool, String name) {
        return new SimilarTexts(spool, name, candidates.size(), settings.threshold());
    }

    private void decide(int number) throws IOException {
        int prompt = candidates.firstOfPrompt(number);
        Optional<Match> byPrompt = similarPrompt(prompt);
        if (byPrompt.isPresent() && settings.prompts() == Policy.REJECT) {
            fall(RemovedEntry.Reason.NEAR_DUPLICATE_PROMPT, number, byPrompt.get());
            return;
        }
        Optional<Match> byReasoning = similarReasoning(number);
        if (byReasoning.isPresent() && settings.samples() == Policy.REJECT) {
            fall(RemovedEntry.Reason.NEAR_DUPLICATE_SAMPLE, number, byReasoning.get());
            return;
        }
        if (byPrompt.isPresent()) {
            report(RemovedEntry.Reason.SIMILAR_PROMPT, number, byPrompt.get());
        }
        if (byReasoning.isPresent()) {
            report(RemovedEntry.Reason.SIMILAR_SAMPLE, number, byReasoning.get());
        }
        keep(number, prompt);
    }

    private void keep(int number, int prompt) {
        if (reasonings != null) {
            reasonings.keep(number);
        }
        if (keptOfPrompt.getInt(prompt, 0) == 0) {
            keptOfPrompt.putInt(prompt, 0, number + 1);
        }
        if (prompts != null && !comparedPrompts.get(prompt)) {
            comparedPrompts.set(prompt);
            prompts.keep(prompt);
        }
    }

    /** The first kept row of the most similar kept prompt. */
    private Optional<Match> similarPrompt(int prompt) throws IOException {
        int kept = keptOfPrompt.getInt(prompt, 0);
        if (prompts == null || (settings.prompts() == Policy.REJECT && kept > 0)) {
            return Optional.empty(); // what is similar to a kept prompt has fallen to it
        }
        Match best = null;
        for (Match match : prompts.similar(prompt)) {
            int first = keptOfPrompt.getInt(match.text(), 0);
            boolean isBefore = first > 0 && (kept == 0 || first < kept);
            if (isBefore && (best == null || match.similarity() > best.similarity())) {
                best = new Match(first - 1, match.similarity());
            }
        }
        return Optional.ofNullable(best);
    }

    /** Whether a candidate fell to another one and was not put back. */
    boolean isFallen(int number) {
        return fallen.getInt(number, 0) > 0;
    }

    /**
     * Compares again, in their order, what fell to a row that a later step left out. What is similar to no row that is left is
     * put back into the version.
     *
     * @param isDropped whether a later step left a candidate out
     * @param hasSpace whether the version still takes a candidate that is put back; else it is not compared
     * @param receiver learns of each one that was put back
     * @return their number
     */
    int reconsider(IntPredicate isDropped, IntPredicate hasSpace, IntConsumer receiver) throws IOException {
        findKeptOfPrompts();
        int back = 0;
        for (int number = 0; number < candidates.size(); number++) {
            int near = fallen.getInt(number, 0) - 1;
            if (near >= 0 && !candidates.isKept(near) && isDropped.test(near) && hasSpace.test(number)) {
                decideAgain(number);
                if (candidates.isKept(number)) {
                    receiver.accept(number);
                    back++;
                }
            }
        }
        return back;
    }

    private void findKeptOfPrompts() {
        for (int number = 0; number < candidates.size(); number++) {
            keptOfPrompt.putInt(number, 0, 0);
        }
        for (int number = 0; number < candidates.size(); number++) {
            int prompt = candidates.firstOfPrompt(number);
            if (candidates.isKept(number) && keptOfPrompt.getInt(prompt, 0) == 0) {
                keptOfPrompt.putInt(prompt, 0, number + 1);
            }
        }
    }

    private void decideAgain(int number) throws IOException {
        fallen.putInt(number, 0, 0);
        candidates.putBack(number);
        decide(number);
    }

    private Optional<Match> similarReasoning(int number) throws IOException {
        Match best = null;
        if (reasonings != null) {
            for (Match match : reasonings.similar(number)) {
                if (candidates.isKept(match.text()) && (best == null || match.similarity() > best.similarity())) {
                    best = match;
                }
            }
        }
        return Optional.ofNullable(best);
    }

    private void fall(RemovedEntry.Reason reason, int number, Match match) {
        candidates.leaveOut(number);
        fallen.putInt(number, 0, match.text() + 1);
        fallen.putInt(number, REASON, reason.code());
        fallen.putLong(number, SIMILARITY, Double.doubleToLongBits(match.similarity()));
    }

    private void report(RemovedEntry.Reason reason, int number, Match match) throws IOException {
        files.removed.add(entry(reason, number, match));
        counts.merge(reason, 1L, Long::sum);
    }

    private byte[] entry(RemovedEntry.Reason reason, int number, Match match) {
        return RemovedEntry.similar(reason, candidates.id(number), candidates.id(match.text()), match.similarity());
    }

    /**
     * Records what fell.
     *
     * @return candidates by reason
     */
    Map<RemovedEntry.Reason, Long> record() throws IOException {
        for (int number = 0; number < candidates.size(); number++) {
            int near = fallen.getInt(number, 0) - 1;
            if (near >= 0) {
                RemovedEntry.Reason reason = RemovedEntry.Reason.of((byte) fallen.getInt(number, REASON));
                double similarity = Double.longBitsToDouble(fallen.getLong(number, SIMILARITY));
                candidates.record(number, entry(reason, number, new Match(near, similarity)));
                counts.merge(reason, 1L, Long::sum);
            }
        }
        return counts;
    }

    @Override
    public void close() throws IOException {
        try (SimilarTexts _ = prompts;
                SimilarTexts _ = reasonings;
                EntryTable _ = fallen) {
            keptOfPrompt.close();
        }
    }
}
