package dev.precept.dataset.release;

import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.RejectedAttempts;
import dev.precept.dataset.StoredRows;
import dev.precept.dataset.Withdrawal;
import dev.precept.dataset.spool.Parallel;
import dev.precept.records.Outcome;
import dev.precept.records.Reason;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.schemas.Topics;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** Reads every committed row once, in parallel, and writes what decides the selection to the intermediate files. */
final class IndexScan {
    /** The finish reason of a completion that calls a tool. */
    private static final String TOOL_CALLS = "tool_calls";

    private final CommittedRows rows;
    private final List<Withdrawal> withdrawals;
    private final OptionalDouble threshold;
    private final IndexFiles files;
    private final RiskTable risks;
    private final boolean wantsTried;
    private final Map<String, Integer> votesOfRun = new HashMap<>();

    IndexScan(
            CommittedRows rows,
            List<Withdrawal> withdrawals,
            ReleaseSettings settings,
            IndexFiles files,
            RiskTable risks) {
        this.rows = rows;
        this.withdrawals = withdrawals;
        this.threshold = settings.threshold().map(OptionalDouble::of).orElseGet(OptionalDouble::empty);
        this.files = files;
        this.risks = risks;
        this.wantsTried = files.hasPrompts() && settings.rows().rlUnkept();
        rows.runs()
                .forEach(run -> votesOfRun.put(
                        run.runId(), run.identity().path("judge.votes").asInt(Integer.MAX_VALUE)));
    }

    ScanCounts run(int threads) throws IOException {
        ScanCounts counts = new ScanCounts();
        List<StoredRows> rejections = rows.files(Topics.REJECTIONS.name());
        Parallel.inOrder(threads, rejections.size(), n -> rejections(rejections.get(n)), counts::add);
        boolean hasAttempts = files.attempts.entries() > 0;
        List<StoredRows> samples = rows.files(Topics.SAMPLES.name());
        Parallel.inOrder(threads, samples.size(), n -> samples(samples.get(n), hasAttempts), counts::add);
        files.sortNumbers(rows.runs());
        return counts;
    }

    private ScanCounts rejections(StoredRows range) throws IOException {
        ScanCounts counts = new ScanCounts();
        if (files.hasPairs() || threshold.isPresent() || !withdrawals.isEmpty() || wantsTried) {
            CommittedFileRows.forEach(rows, range, Rejection.class, rejection -> {
                if (rejection.getTerminal()) {
                    boolean invalid = rejection.getOutcome() == Outcome.INVALID;
                    counts.slot(invalid, invalid ? rejection.getInvalidReason() : rejection.getReason());
                }
                if (wantsTried) {
                    addPrompt(rejection);
                }
                addAttempt(rejection, counts);
            });
        } else {
            CommittedFileRows.forEachSlot(rows, range, slot -> count(slot, counts));
        }
        return counts;
    }

    private static void count(GenericRecord slot, ScanCounts counts) {
        if ((boolean) slot.get("terminal")) {
            boolean invalid = slot.get("outcome").toString().equals(Outcome.INVALID.name());
            counts.slot(invalid, slot.get(invalid ? "invalid_reason" : "reason"));
        }
    }

    /** What a version leaves out must not return through a prompt of its own. */
    private void addPrompt(Rejection rejection) throws IOException {
        Optional<Sample> prompt = RejectedAttempts.promptOf(rejection);
        boolean isWithdrawn = prompt.isPresent()
                && Withdrawal.first(withdrawals, prompt.get()).isPresent();
        boolean isAboveRisk = prompt.isPresent() && risks.isAbove(riskOf(prompt.get()));
        if (isWithdrawn || isAboveRisk || isExcluding(rejection.getReason())) {
            files.prompts.add(PromptEntry.excluded(rejection.getPromptId(), files));
        } else if (prompt.isPresent()) {
            files.prompts.add(PromptEntry.tried(prompt.get(), files));
        }
    }

    private static boolean isExcluding(@Nullable Reason reason) {
        return reason == Reason.CONTAMINATED || reason == Reason.PROVIDER_REFUSED;
    }

    private void addAttempt(Rejection rejection, ScanCounts counts) throws IOException {
        Optional<Sample> attempt = RejectedAttempts.asSample(rejection);
        if (attempt.isEmpty()) {
            return;
        }
        Sample sample = attempt.get();
        Optional<Withdrawal> withdrawal = Withdrawal.first(withdrawals, sample);
        if (withdrawal.isPresent()) {
            counts.withdrawnAttempt(withdrawal.get().number());
            return;
        }
        byte risk = riskOf(sample);
        if (risks.isAbove(risk)) {
            return;
        }
        // Without its call, which is not recorded, the text is not what was judged.
        boolean isWhole = !TOOL_CALLS.equals(sample.getGenerator().getFinishReason());
        if (files.hasPairs() && isWhole) {
            files.judged.add(JudgedEntry.rejected(sample, files));
        }
        // Tool calls of rejected attempts are not recorded, so attempts at prompts with tools are left out.
        if (threshold.isPresent()
                && rejection.getReason() == Reason.LOW_SCORE
                && sample.getTools() == null
                && sample.getJudgeMin() >= threshold.getAsDouble()) {
            boolean complete =
                    sample.getJudge().size() >= votesOfRun.getOrDefault(sample.getRunId(), Integer.MAX_VALUE);
            files.attempts.add(SlotEntry.of(rejection, sample, complete, files, risk));
        }
    }

    private ScanCounts samples(StoredRows range, boolean hasAttempts) throws IOException {
        ScanCounts counts = new ScanCounts();
        CommittedFileRows.forEachKey(rows, range, risks.isStated(), sample -> {
            Optional<Withdrawal> withdrawal = Withdrawal.first(withdrawals, sample);
            if (withdrawal.isPresent()) {
                counts.withdrawnSample(withdrawal.get().number());
                files.removed.add(RemovedEntry.withdrawn(
                        sample.getSampleId(), withdrawal.get().number()));
                if (wantsTried) {
                    files.prompts.add(PromptEntry.excluded(sample.getPromptId(), files));
                }
                return;
            }
            byte risk = riskOf(sample);
            if (risks.isAbove(risk)) {
                counts.aboveRisk++;
                files.removed.add(RemovedEntry.aboveRisk(sample.getSampleId()));
                if (wantsTried) {
                    files.prompts.add(PromptEntry.excluded(sample.getPromptId(), files));
                }
            } else if (threshold.isPresent() && sample.getJudgeMin() < threshold.getAsDouble()) {
                counts.belowThreshold++;
                files.removed.add(RemovedEntry.belowThreshold(sample.getSampleId()));
                if (wantsTried) {
                    files.prompts.add(PromptEntry.tried(sample, files));
                }
                if (files.hasPairs()) {
                    files.judged.add(JudgedEntry.rejected(sample, files));
                }
            } else {
                ByteBuffer entry = ByteBuffer.allocate(Candidate.WIDTH);
                Candidate.put(entry, sample, files, false, risk);
                files.candidates.add(entry.array());
                if (hasAttempts) {
                    files.taken.add(idOf(entry.array()));
                }
            }
        });
        return counts;
    }

    private byte riskOf(Sample sample) {
        return risks.isStated() ? risks.codeOf(sample.getSpecVersion(), sample.getCategory()) : RiskTable.NONE;
    }

    private static byte[] idOf(byte[] candidate) {
        return java.util.Arrays.copyOfRange(candidate, Candidate.ID, Candidate.PROMPT);
    }
}
