package dev.precept.dataset.release;

import dev.precept.config.NearDuplicateSettings.Policy;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.neardup.Match;
import dev.precept.dataset.neardup.SimilarTexts;
import dev.precept.dataset.spool.EntryTable;
import dev.precept.dataset.spool.Spool;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Leaves out, or reports, candidates whose prompt or reasoning is similar to that of a kept one before them in the order.
 * A candidate falls only to a row that stays, so each one that falls names a row of the version, and no group of similar rows
 * loses all of its members. The candidates of one prompt are siblings: their prompts are never compared. For one thread.
 */
final class NearDuplicates implements AutoCloseable {
    private final OrderedCandidates candidates;
    private final IndexFiles files;
    private final Manifest.NearDuplicates settings;
    private final @Nullable SimilarTexts prompts;
    private final @Nullable SimilarTexts reasonings;

    /** By the first candidate of a prompt: the first one that was kept, plus one. */
    private final EntryTable keptOfPrompt;

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
        try {
            this.prompts = settings.prompts() == Policy.OFF ? null : similar(spool, "similar-prompts");
            if (prompts != null) {
                rows.read(SignedRows.Kind.PROMPT, prompts, n -> candidates.firstOfPrompt(n) == n);
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

    /**
     * Compares the candidates that were not left out.
     *
     * @return candidates by reason
     */
    static Map<RemovedEntry.Reason, Long> run(
            SignedRows rows,
            OrderedCandidates candidates,
            IndexFiles files,
            Manifest.NearDuplicates settings,
            Spool spool)
            throws IOException {
        try (NearDuplicates pass = new NearDuplicates(rows, candidates, files, settings, spool)) {
            for (int number = 0; number < candidates.size(); number++) {
                if (candidates.isKept(number)) {
                    pass.decide(number);
                }
            }
            return pass.counts;
        }
    }

    private SimilarTexts similar(Spool spool, String name) {
        return new SimilarTexts(spool, name, candidates.size(), settings.threshold());
    }

    private void decide(int number) throws IOException {
        int prompt = candidates.firstOfPrompt(number);
        Optional<Match> byPrompt = prompts == null ? Optional.empty() : similarPrompt(prompt);
        if (byPrompt.isPresent() && settings.prompts() == Policy.REJECT) {
            leaveOut(RemovedEntry.Reason.NEAR_DUPLICATE_PROMPT, number, byPrompt.get());
            return;
        }
        Optional<Match> byReasoning = reasonings == null ? Optional.empty() : reasonings.mostSimilar(number);
        if (byReasoning.isPresent() && settings.samples() == Policy.REJECT) {
            leaveOut(RemovedEntry.Reason.NEAR_DUPLICATE_SAMPLE, number, byReasoning.get());
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
        if (prompts != null && keptOfPrompt.getInt(prompt, 0) == 0) {
            keptOfPrompt.putInt(prompt, 0, number + 1);
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
            boolean isBefore = kept == 0 || first < kept;
            if (isBefore && (best == null || match.similarity() > best.similarity())) {
                best = new Match(first - 1, match.similarity());
            }
        }
        return Optional.ofNullable(best);
    }

    private void leaveOut(RemovedEntry.Reason reason, int number, Match match) throws IOException {
        byte[] candidate = candidates.get(number);
        candidates.leaveOut(number, entry(reason, candidate, match));
        if (files.hasPrompts()) {
            files.prompts.add(PromptEntry.excluded(candidate));
        }
        counts.merge(reason, 1L, Long::sum);
    }

    private void report(RemovedEntry.Reason reason, int number, Match match) throws IOException {
        files.removed.add(entry(reason, candidates.get(number), match));
        counts.merge(reason, 1L, Long::sum);
    }

    private byte[] entry(RemovedEntry.Reason reason, byte[] candidate, Match match) {
        return RemovedEntry.similar(reason, id(candidate), id(candidates.get(match.text())), match.similarity());
    }

    private static byte[] id(byte[] candidate) {
        return Arrays.copyOfRange(candidate, Candidate.ID, Candidate.PROMPT);
    }

    @Override
    public void close() throws IOException {
        try (SimilarTexts _ = prompts;
                SimilarTexts _ = reasonings) {
            keptOfPrompt.close();
        }
    }
}
