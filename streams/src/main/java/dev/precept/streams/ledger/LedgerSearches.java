package dev.precept.streams.ledger;

import dev.precept.records.Candidate;
import dev.precept.records.LedgerRow;
import dev.precept.records.NeighbourAction;
import dev.precept.records.NeighbourAnswer;
import dev.precept.records.NeighbourRequest;
import dev.precept.records.Prompt;
import dev.precept.records.Seq;
import dev.precept.records.SlotRef;
import dev.precept.records.SlotState;
import dev.precept.records.Verdict;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/** The near-duplicate searches of one event: those it requests, and the slots that it opens because they were answered. */
final class LedgerSearches {
    private final LedgerTransaction transaction;
    private final String runId;
    private final PendingSearches pending;
    /** By prompt with a slot that this event has ended without a sample. */
    private final Map<String, Runnable> withdrawals = new LinkedHashMap<>();

    LedgerSearches(LedgerTransaction transaction, LedgerStores stores, String runId) {
        this.transaction = transaction;
        this.runId = runId;
        this.pending = new PendingSearches(stores.pending());
    }

    /** Sends requests; what waits for their answers is kept under a key. */
    void request(String key, Object waiting, Topic<NeighbourRequest> topic, List<NeighbourRequest> requests) {
        pending.add(key, waiting, requests);
        send(topic, requests);
    }

    void send(Topic<NeighbourRequest> topic, List<NeighbourRequest> requests) {
        requests.forEach(request ->
                transaction.emit(new OutputRecord(topic, key(topic, request).text(), request, request.getShard())));
    }

    private static SearchKey key(Topic<NeighbourRequest> topic, NeighbourRequest request) {
        return topic.equals(Topics.PROMPT_SIGNATURES)
                ? SearchKey.ofPrompt(request.getPartition(), request.getRef())
                : SearchKey.ofReasoning(request.getPartition(), request.getRef());
    }

    void check(Prompt prompt, List<AdmittedSlot> slots) {
        List<AdmittedSlot> open =
                slots.stream().filter(slot -> slot.check(prompt)).toList();
        if (transaction.isOverQuota(prompt)) {
            open.forEach(slot -> slot.rejectOverQuota(prompt));
            return;
        }
        List<NeighbourRequest> requests = open.isEmpty() || !NearDuplicates.rejectsPrompts(prompt)
                ? List.of()
                : NearDuplicates.claim(prompt, runId, open.getFirst().row.getSeq(), accepted(rows(prompt)) > 0);
        if (requests.isEmpty()) {
            open.forEach(slot -> slot.requestAttempt(prompt));
        } else {
            request(SlotKey.owner(runId, prompt.getPromptId()), prompt, Topics.PROMPT_SIGNATURES, requests);
        }
    }

    /** Remembers a slot that ends without a sample. */
    void ended(Prompt prompt, Seq seq) {
        if (NearDuplicates.rejectsPrompts(prompt)) {
            withdrawals.put(prompt.getPromptId(), () -> withdraw(prompt, seq));
        }
    }

    /** Withdraws the claims of prompts whose slots have all ended without a sample: a similar one may still give one. */
    void withdrawEnded() {
        withdrawals.values().forEach(Runnable::run);
    }

    private void withdraw(Prompt prompt, Seq seq) {
        List<LedgerRow> rows = rows(prompt);
        if (rows.size() == prompt.getRunParameters().getSamples()
                && accepted(rows) == 0
                && rows.stream().allMatch(row -> Transitions.isTerminal(row.getState()))) {
            boolean runEnded = rows.stream().anyMatch(LedgerSearches::endedWithRun);
            send(Topics.PROMPT_SIGNATURES, NearDuplicates.withdraw(prompt, runId, seq, runEnded));
        }
    }

    private static boolean endedWithRun(LedgerRow row) {
        return row.getFurthest() != null && FailureRanking.isEndOfRun(row.getFurthest());
    }

    /** Confirms the claim of a prompt with the first of its samples: later prompts may fall to it from now on. */
    void accepted(Prompt prompt, Seq seq) {
        if (NearDuplicates.rejectsPrompts(prompt) && accepted(rows(prompt)) == 1) {
            send(Topics.PROMPT_SIGNATURES, NearDuplicates.confirm(prompt, runId, seq));
        }
    }

    /** The known rows of all slots of a prompt, with the changes of this event. */
    private List<LedgerRow> rows(Prompt prompt) {
        return IntStream.range(0, prompt.getRunParameters().getSamples())
                .mapToObj(slot -> transaction.row(SlotKey.row(runId, prompt.getPromptId(), prompt.getOrigin(), slot)))
                .filter(Objects::nonNull)
                .toList();
    }

    private static long accepted(List<LedgerRow> rows) {
        return rows.stream().filter(row -> row.getState() == SlotState.ACCEPTED).count();
    }

    Optional<SearchedPrompt> openPrompt(NeighbourAnswer answer) {
        String key = SlotKey.owner(runId, answer.getRef().getPromptId());
        return pending.answer(key, answer)
                .flatMap(result -> result.waited() instanceof Prompt prompt
                        ? Optional.of(new SearchedPrompt(transaction, prompt, checking(prompt), result))
                        : Optional.empty());
    }

    private List<AdmittedSlot> checking(Prompt prompt) {
        List<AdmittedSlot> open = new ArrayList<>();
        transaction
                .knownRows(
                        prompt.getPromptId(),
                        prompt.getOrigin(),
                        prompt.getRunParameters().getSamples())
                .forEach((slot, row) -> {
                    if (row.getState() == SlotState.CHECKING) {
                        SlotRef ref = new SlotRef(
                                runId,
                                prompt.getPromptId(),
                                prompt.getOrigin(),
                                slot,
                                row.getAttempt(),
                                row.getTryNumber());
                        transaction.opened(SlotKey.row(ref), row);
                        open.add(new AdmittedSlot(transaction, ref, row));
                    }
                });
        return open;
    }

    Optional<SearchedSlot> openSearched(NeighbourAnswer answer) {
        SlotRef ref = answer.getRef();
        String key = SlotKey.row(ref);
        SlotState state = answer.getAction() == NeighbourAction.LOOK ? SlotState.SCREENING : SlotState.CURATING;
        LedgerRow row = transaction.row(key);
        if (row == null || !LedgerTransaction.waits(row, state, ref)) {
            return Optional.empty();
        }
        return pending.answer(key, answer).map(result -> {
            transaction.opened(key, row);
            return new SearchedSlot(new AnsweredSlot(transaction, attempt(result.waited()), row), result);
        });
    }

    /** The prompt that waits for an answer that cannot be decoded; its answer is the failure. */
    Optional<SearchedPrompt> openPrompt(SearchKey key, String failure) {
        return pending.fail(key.pending(), failure)
                .flatMap(result -> result.waited() instanceof Prompt prompt
                        ? Optional.of(new SearchedPrompt(transaction, prompt, checking(prompt), result))
                        : Optional.empty());
    }

    /** As {@link #openPrompt(SearchKey, String)}, for a candidate or a verdict. */
    Optional<SearchedSlot> openSearched(SearchKey key, String failure) {
        return pending.fail(key.pending(), failure).flatMap(result -> {
            Attempt attempt = attempt(result.waited());
            SlotState state = result.waited() instanceof Candidate ? SlotState.SCREENING : SlotState.CURATING;
            LedgerRow row = transaction.row(key.pending());
            if (row == null || !LedgerTransaction.waits(row, state, attempt.ref())) {
                return Optional.empty();
            }
            transaction.opened(key.pending(), row);
            return Optional.of(new SearchedSlot(new AnsweredSlot(transaction, attempt, row), result));
        });
    }

    private static Attempt attempt(Object waited) {
        return switch (waited) {
            case Candidate candidate -> Attempt.of(candidate);
            case Verdict verdict -> Attempt.of(verdict);
            default -> throw new IllegalStateException("a prompt waits under the key of a slot");
        };
    }
}
