package dev.precept.runs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.records.PartitionProgress;
import dev.precept.records.Spend;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Progress and spend of a run over all partitions. Not thread-safe. */
public final class RunProgress {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String runId;
    private final int partitions;
    private final Map<String, Long> rejected = new TreeMap<>();
    private final Map<String, Long> invalid = new TreeMap<>();
    private final Map<String, Long> inFlight = new TreeMap<>();
    private final Map<String, Long> findings = new TreeMap<>();
    private final Map<String, Long> acceptedFindings = new TreeMap<>();
    /** By role: calls, and tokens of the prompt, of the completion, cached, of the reasoning. */
    private final Map<String, long[]> spent = new TreeMap<>();

    private final Map<String, Double> usd = new TreeMap<>();
    private final Map<String, Spend> newest = new TreeMap<>();
    private long cacheHits;
    private long estimatedCalls;
    private long invalidVotes;
    private long slots;
    private long accepted;
    private long replayed;
    private long stale;
    private long promptsRead;
    private long repairs;
    private long acceptedRepairs;
    private int ended;
    private int complete;
    private Instant asOf = Instant.EPOCH;

    private RunProgress(String runId, int partitions) {
        this.runId = runId;
        this.partitions = partitions;
    }

    public static RunProgress of(
            String runId, int partitions, Collection<PartitionProgress> progress, Collection<Spend> spend) {
        RunProgress sum = new RunProgress(runId, partitions);
        progress.stream()
                .filter(partitionProgress -> partitionProgress.getRunId().equals(runId))
                .forEach(sum::add);
        spend.stream().filter(account -> account.getRunId().equals(runId)).forEach(sum::add);
        return sum;
    }

    private void add(PartitionProgress partitionProgress) {
        slots += partitionProgress.getSlots();
        accepted += partitionProgress.getAccepted();
        replayed += partitionProgress.getReplayed();
        stale += partitionProgress.getStale();
        promptsRead += partitionProgress.getPromptsRead();
        partitionProgress.getRejected().forEach((reason, n) -> rejected.merge(reason, n, Long::sum));
        partitionProgress.getInvalid().forEach((cause, n) -> invalid.merge(cause, n, Long::sum));
        partitionProgress.getInFlight().forEach((state, n) -> inFlight.merge(state, n, Long::sum));
        partitionProgress.getFindings().forEach((kind, n) -> findings.merge(kind, n, Long::sum));
        partitionProgress.getAcceptedFindings().forEach((kind, n) -> acceptedFindings.merge(kind, n, Long::sum));
        repairs += partitionProgress.getRepairs();
        acceptedRepairs += partitionProgress.getAcceptedRepairs();
        ended += partitionProgress.getSources() > 0
                        && partitionProgress.getEndedSources() == partitionProgress.getSources()
                ? 1
                : 0;
        complete += partitionProgress.getComplete() ? 1 : 0;
        asOf = partitionProgress.getAsOf().isAfter(asOf) ? partitionProgress.getAsOf() : asOf;
    }

    private void add(Spend account) {
        long[] sum = spent.computeIfAbsent(account.getRole(), role -> new long[5]);
        sum[0] += account.getCalls();
        sum[1] += account.getPromptTokens();
        sum[2] += account.getCompletionTokens();
        sum[3] += account.getCachedTokens();
        sum[4] += account.getReasoningTokens();
        cacheHits += account.getCallsByOutcome().getOrDefault("cache_hit", 0L);
        estimatedCalls += account.getEstimatedCalls();
        invalidVotes += account.getInvalidVotes();
        usd.merge(account.getRole(), account.getUsd(), Double::sum);
        String worker = account.getRole() + " " + account.getWorker().split("\\|", 2)[0];
        newest.merge(worker, account, (one, other) -> one.getAsOf().isAfter(other.getAsOf()) ? one : other);
    }

    public long slots() {
        return slots;
    }

    public long accepted() {
        return accepted;
    }

    public long invalid() {
        return total(invalid);
    }

    public long rejected() {
        return total(rejected);
    }

    public Map<String, Long> rejectedByReason() {
        return rejected;
    }

    Map<String, Long> invalidByReason() {
        return invalid;
    }

    public Map<String, Long> inFlightByState() {
        return inFlight;
    }

    long inFlight() {
        return total(inFlight);
    }

    public long promptsRead() {
        return promptsRead;
    }

    public long calls() {
        return spent.values().stream().mapToLong(sum -> sum[0]).sum();
    }

    public long tokens() {
        return spent.values().stream().mapToLong(sum -> sum[1] + sum[2]).sum();
    }

    /** Tokens of the prompts, over all roles, and how many of them a server had in its cache. */
    public long promptTokens() {
        return spent.values().stream().mapToLong(sum -> sum[1]).sum();
    }

    public long cachedTokens() {
        return spent.values().stream().mapToLong(sum -> sum[3]).sum();
    }

    /** Attempts that were requested as repairs of others. */
    public long repairs() {
        return repairs;
    }

    /** Samples of such attempts. */
    public long acceptedRepairs() {
        return acceptedRepairs;
    }

    /** Calls that the response cache answered. */
    public long cacheHits() {
        return cacheHits;
    }

    /** Calls whose tokens were estimated: the server reported none, or the call did not complete. */
    public long estimatedCalls() {
        return estimatedCalls;
    }

    /** Answers of a judge that were no valid vote: each costs a call. */
    public long invalidVotes() {
        return invalidVotes;
    }

    /** In US dollars, over all roles. */
    public double usd() {
        return usd.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    Map<String, Double> usdByRole() {
        return usd;
    }

    /** Whether a worker was told that the budget is spent. */
    boolean isOutOfBudget() {
        return newest.values().stream()
                .anyMatch(account ->
                        account.getLease() != null && account.getLease().getRefused());
    }

    /** Why no endpoint of a role accepts calls, by role; roles of which a worker has an endpoint are not in it. */
    Map<String, String> outages() {
        Map<String, String> outages = new TreeMap<>();
        Set<String> working = new TreeSet<>();
        newest.values().forEach(account -> {
            if (account.getOutage() == null) {
                working.add(account.getRole());
            } else {
                outages.put(account.getRole(), account.getOutage());
            }
        });
        outages.keySet().removeAll(working);
        return outages;
    }

    /**
     * Projected cost of all slots in US dollars, at the mean cost of a terminal slot; 0 while more are in flight than
     * terminal, since most of the cost is then theirs.
     */
    public double usdProjected(long expectedSlots) {
        long decided = accepted + rejected() + invalid();
        return decided == 0 || decided < inFlight() ? 0 : usd() / decided * Math.max(slots, expectedSlots);
    }

    /** Whether every source was read to its end on every partition. */
    public boolean isInputComplete() {
        return ended == partitions;
    }

    /** Whether every slot of every partition is terminal. */
    public boolean complete() {
        return complete == partitions;
    }

    /** Whether every input line was invalid. */
    public boolean isAllInvalid() {
        return slots > 0 && total(invalid) == slots;
    }

    public ObjectNode toJson() {
        ObjectNode json = JSON.createObjectNode();
        json.put("run_id", runId);
        json.put("as_of", asOf.toString());
        json.put("slots", slots);
        json.put("accepted", accepted);
        json.set("rejected", JSON.valueToTree(rejected));
        json.put("invalid", total(invalid));
        json.set("invalid_by_reason", JSON.valueToTree(invalid));
        json.put("in_flight", inFlight());
        json.set("in_flight_by_state", JSON.valueToTree(inFlight));
        json.set("findings", JSON.valueToTree(findings));
        json.set("accepted_findings", JSON.valueToTree(acceptedFindings));
        json.put("repairs", repairs);
        json.put("accepted_repairs", acceptedRepairs);
        json.put("replayed", replayed);
        json.put("stale", stale);
        json.put("prompts_read", promptsRead);
        json.put("input_complete", isInputComplete());
        json.put("complete", complete());
        ObjectNode calls = json.putObject("calls");
        ObjectNode tokens = json.putObject("tokens");
        json.put("cache_hit", cacheHits);
        json.put("estimated_calls", estimatedCalls);
        json.put("invalid_votes", invalidVotes);
        ObjectNode dollars = json.putObject("usd");
        usd.forEach((role, sum) -> dollars.put(role, known(sum, tokens(role))));
        json.put("usd_per_accepted", known(accepted == 0 ? 0 : usd() / accepted, tokens()));
        json.put("usd_projected", known(usdProjected(slots), tokens()));
        if (!complete()) {
            workers(json.putObject("workers"));
        }
        spent.forEach((role, sum) -> {
            calls.put(role, sum[0]);
            tokens.putObject(role)
                    .put("prompt", sum[1])
                    .put("cached", sum[3])
                    .put("completion", sum[2])
                    .put("reasoning", sum[4]);
        });
        return json;
    }

    private long tokens(String role) {
        long[] sum = spent.get(role);
        return sum == null ? 0 : sum[1] + sum[2];
    }

    /** Null where tokens were used and no amount is known: no price is set, or it is too early for an estimate. */
    private static @Nullable Double known(double amount, long tokens) {
        return amount == 0 && tokens > 0 ? null : (Double) amount;
    }

    private void workers(ObjectNode json) {
        newest.forEach((worker, account) -> {
            ObjectNode now = json.putObject(worker.split(" ", 2)[1]);
            now.put("calls_in_flight", account.getInFlight());
            now.put("calls_waiting", account.getWaiting());
            now.put("limit", account.getLimit());
            now.put("outage", account.getOutage());
            now.put(
                    "out_of_budget",
                    account.getLease() != null && account.getLease().getRefused());
            now.put("as_of", account.getAsOf().toString());
        });
    }

    private static long total(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Formats US dollars to the cent, and amounts below one dollar to two significant digits. */
    public static String dollars(double usd) {
        if (usd == 0 || usd >= 1) {
            return String.format(Locale.ROOT, "$%,.2f", usd);
        }
        return "$" + new BigDecimal(usd).round(new MathContext(2)).toPlainString();
    }

    /** Formats the result of {@link #toJson} as a table. */
    public static String table(JsonNode progress) {
        StringBuilder table = new StringBuilder();
        line(table, "slots", progress.path("slots").asLong(), "");
        line(table, "accepted", progress.path("accepted").asLong(), "");
        line(table, "rejected", sum(progress.path("rejected")), parts(progress.path("rejected")));
        line(table, "invalid", progress.path("invalid").asLong(), parts(progress.path("invalid_by_reason")));
        if (progress.hasNonNull("in_flight")) {
            line(table, "in flight", progress.path("in_flight").asLong(), parts(progress.path("in_flight_by_state")));
        }
        if (progress.path("repairs").asLong() > 0) {
            line(
                    table,
                    "repairs",
                    progress.path("repairs").asLong(),
                    progress.path("accepted_repairs").asLong() + " accepted");
        }
        findings(table, progress);
        progress.path("calls").properties().forEach(role -> {
            JsonNode tokens = progress.path("tokens").path(role.getKey());
            double usd = progress.path("usd").path(role.getKey()).asDouble();
            line(
                    table,
                    role.getKey() + " calls",
                    role.getValue().asLong(),
                    tokens.path("prompt").asLong() + " tokens in"
                            + part(tokens, "cached") + ", "
                            + tokens.path("completion").asLong() + " out" + part(tokens, "reasoning")
                            + (usd == 0 ? "" : ", " + dollars(usd)));
        });
        if (progress.path("invalid_votes").asLong() > 0) {
            line(
                    table,
                    "invalid votes",
                    progress.path("invalid_votes").asLong(),
                    "answers of the judge that are no vote; the log has the first");
        }
        if (progress.path("estimated_calls").asLong() > 0) {
            line(
                    table,
                    "estimated calls",
                    progress.path("estimated_calls").asLong(),
                    "tokens estimated: the server reported none, or the call did not complete");
        }
        return table.toString();
    }

    private static String part(JsonNode tokens, String kind) {
        long count = tokens.path(kind).asLong();
        return count == 0 ? "" : " (" + count + " " + kind + ")";
    }

    private static void findings(StringBuilder table, JsonNode progress) {
        if (!progress.path("findings").isEmpty()) {
            table.append("  found by the screens, in completions:\n");
            progress.path("findings")
                    .properties()
                    .forEach(kind -> line(
                            table,
                            kind.getKey().replace('_', ' '),
                            kind.getValue().asLong(),
                            progress.path("accepted_findings")
                                            .path(kind.getKey())
                                            .asLong() + " of them in samples"));
        }
    }

    private static void line(StringBuilder table, String name, long count, String note) {
        table.append(String.format(Locale.ROOT, "  %-16s %,9d%s%n", name, count, note.isEmpty() ? "" : "   " + note));
    }

    private static long sum(JsonNode counts) {
        long sum = 0;
        for (JsonNode count : counts) {
            sum += count.asLong();
        }
        return sum;
    }

    private static String parts(JsonNode counts) {
        StringBuilder parts = new StringBuilder();
        counts.properties()
                .forEach(part -> parts.append(parts.isEmpty() ? "" : ", ")
                        .append(part.getKey())
                        .append(' ')
                        .append(part.getValue().asLong()));
        return parts.toString();
    }
}
