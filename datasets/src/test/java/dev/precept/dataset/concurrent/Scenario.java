package dev.precept.dataset.concurrent;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.testkit.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Executes commands of several processes on one dataset in an order that follows from a seed, with kills, and checks the
 * dataset whenever all of them wait. One process runs at a time, for some store calls.
 */
final class Scenario implements AutoCloseable {
    private static final int MOST_KILLS = 3;
    private static final int[] SLICES = {1, 1, 1, 2, 2, 3, 5, 8, 15, 40, 200};
    private static final long UNLIMITED = Long.MAX_VALUE;

    private final RandomGenerator random;
    private final int commands;
    private final int halts;
    private final CommandPool processes;
    private final String store;
    private final Topics topics;
    private final StoredFiles files;
    private final List<PurgeRequest> purges = new ArrayList<>();
    private final DatasetOracle oracle;
    private final OperationSource source;
    private final TreeMap<Integer, Operation> underWay = new TreeMap<>();
    private final List<String> history = new ArrayList<>();
    private int started;
    private int kills;

    /**
     * @param commands to start
     * @param halts kills that end a process, which is slow; further ones cut a command off from its store
     * @param store for the commands
     * @param stored the files behind the store
     * @param work an empty folder
     */
    Scenario(long seed, int commands, int halts, CommandPool processes, String store, Path stored, Path work)
            throws IOException, SQLException {
        this.random = Seed.random(seed);
        this.processes = processes;
        this.commands = commands;
        this.halts = halts;
        this.topics = new Topics(work.resolve("topics"), Seed.random(seed + 1));
        this.files = new StoredFiles(Files.createDirectories(stored));
        this.oracle = new DatasetOracle(files, topics, purges);
        this.source = new OperationSource(random, topics, oracle, purges, work);
        this.store = store;
        for (int process = 0; process < processes.size(); process++) {
            open(process);
        }
    }

    private void open(int process) {
        Optional<JsonNode> report = processes
                .get(process)
                .start(OperationSource.command("open").put("store", store), UNLIMITED, CommandGate.Then.WAIT);
        DatasetOracle.require(
                report.isPresent() && report.get().path("outcome").asText().equals("ok"), "cannot open: " + report);
    }

    /** What was done, a line each. */
    List<String> history() {
        return history;
    }

    void execute() {
        execute(source.register("run-1"));
        topics.appendRun("run-1", 8);
        execute(source.sink());
        while (started < commands || !underWay.isEmpty()) {
            boolean canStart = started < commands && underWay.size() < processes.size();
            if (underWay.isEmpty() || (canStart && random.nextInt(3) > 0)) {
                startNext();
            } else {
                resume();
            }
            if (random.nextInt(oracle.hasPlannedFiles() ? 3 : 12) == 0) {
                age();
                // Only after days does gc delete anything of a process that was killed, and must not of one that waits.
                if (underWay.size() < processes.size() && random.nextInt(4) > 0) {
                    execute(source.command("gc", ""));
                }
            }
        }
        settle();
    }

    /** What is promised of a process that deletes files does not hold if it is stopped for days meanwhile. */
    private void age() {
        boolean deleting = underWay.values().stream().anyMatch(Operation::deletes);
        if (deleting || (oracle.isRemoving() && !underWay.isEmpty())) {
            return;
        }
        history.add("two days pass");
        files.age(Duration.ofDays(2));
    }

    private void startNext() {
        started++;
        Operation next = source.next();
        if (next.name().equals("register")) {
            String run = next.command().path("run").asText();
            execute(next);
            topics.appendRun(run, 3);
            next = source.sink();
        }
        int process = idle();
        history.add("process " + process + " starts " + next.command());
        begin(next);
        underWay.put(process, next);
        long calls = slice();
        report(process, next, processes.get(process).start(next.command(), calls, then()));
    }

    private int idle() {
        int process = 0;
        while (underWay.containsKey(process)) {
            process++;
        }
        return process;
    }

    private void resume() {
        int index = random.nextInt(underWay.size());
        int process = List.copyOf(underWay.keySet()).get(index);
        Operation operation = List.copyOf(underWay.values()).get(index);
        report(process, operation, processes.get(process).grant(slice(), then()));
    }

    private long slice() {
        return SLICES[random.nextInt(SLICES.length)];
    }

    private CommandGate.Then then() {
        if (kills == MOST_KILLS || random.nextInt(18) > 0) {
            return CommandGate.Then.WAIT;
        }
        return kills < halts ? CommandGate.Then.HALT : CommandGate.Then.CUT_OFF;
    }

    /** Executes a command to its end, while all others wait. */
    private JsonNode execute(Operation operation) {
        int process = idle();
        history.add("process " + process + " executes " + operation.command());
        begin(operation);
        underWay.put(process, operation);
        Optional<JsonNode> report = processes.get(process).start(operation.command(), UNLIMITED, CommandGate.Then.WAIT);
        report(process, operation, report);
        return report.orElseThrow();
    }

    private void begin(Operation operation) {
        if (operation.purge() != null) {
            purges.add(operation.purge());
            if (underWay.values().stream().anyMatch(other -> other.name().equals("sink"))) {
                operation.purge().disturb();
            }
        }
        if (operation.name().equals("sink")) {
            disturbPurgesUnderWay();
        }
    }

    private void disturbPurgesUnderWay() {
        underWay.values().forEach(operation -> {
            if (operation.purge() != null) {
                operation.purge().disturb();
            }
        });
    }

    private void report(int process, Operation operation, Optional<JsonNode> report) {
        String outcome = report.map(json -> json.path("outcome").asText()).orElse("killed");
        if (outcome.equals("killed")) {
            kills++;
            history.add("process " + process + " is killed in " + operation.name());
            if (report.isEmpty()) {
                processes.replace(process);
                open(process);
            }
            underWay.remove(process);
            if (!operation.name().equals("gc") && !operation.name().equals("verify")) {
                purges.forEach(PurgeRequest::disturb);
            }
            oracle.check();
            return;
        }
        String made = report.get().path("made").toString();
        if (outcome.isEmpty()) {
            history.add("process " + process + " waits after " + made);
            oracle.check();
            return;
        }
        underWay.remove(process);
        String message = report.get().path("message").asText();
        history.add("process " + process + " ends " + operation.name() + " " + outcome + " "
                + report.get().path("result").asText() + " "
                + (outcome.equals("refused")
                        ? message
                        : message.lines().findFirst().orElse("")) + " after " + made);
        DatasetOracle.require(!outcome.equals("broken"), operation.name() + " ended with a defect: " + message);
        if (operation.purge() != null) {
            operation
                    .purge()
                    .ended(
                            switch (outcome) {
                                case "ok" -> PurgeRequest.State.DONE;
                                case "refused" -> PurgeRequest.State.REFUSED;
                                default -> PurgeRequest.State.STARTED;
                            });
        }
        oracle.check();
        if (operation.isRelease() && report.get().path("result").asText().equals("Released")) {
            CommandResults.checkReleased(operation, oracle.version(operation.version()));
        } else if (operation.name().equals("pull") && outcome.equals("ok")) {
            CommandResults.checkPulled(
                    operation, oracle.version(report.get().path("version").asText()));
        }
        if (underWay.isEmpty()) {
            oracle.checkAtRest();
        }
    }

    /** Ends everything that was begun: then no file may be left over, and nothing lost. */
    private void settle() {
        history.add("all have ended");
        execute(source.sink());
        boolean again = true;
        for (int round = 0; again && round < 10; round++) {
            again = false;
            if (oracle.isCompacting()) {
                mustSucceed(execute(source.command("compact", "")));
            }
            for (Operation purge : source.purgesAgain()) {
                JsonNode report = execute(purge);
                boolean nothing = report.path("message").asText().contains("no row matches");
                if (nothing && purge.purge() != null) {
                    purge.purge().ended(PurgeRequest.State.DONE);
                    oracle.check();
                }
                again |= !nothing && !report.path("outcome").asText().equals("ok");
            }
        }
        DatasetOracle.require(!again, "a purge cannot be completed");
        oracle.checkAtRest();
        age();
        mustSucceed(execute(source.command("gc", "")));
        // Purges and withdrawals may have left no row to release.
        execute(source.register("run-last"));
        topics.appendRun("run-last", 2);
        execute(source.sink());
        JsonNode last = mustSucceed(execute(source.release("last", "raw")));
        DatasetOracle.require(last.path("result").asText().equals("Released"), "no last version: " + last);
        DatasetOracle.require(
                oracle.version("last").offsets().equals(oracle.heads()), "the last version does not cover all commits");
        oracle.checkAtRest();
        checkVerified();
    }

    private void checkVerified() {
        JsonNode verified = mustSucceed(execute(source.command("verify", "")));
        DatasetOracle.require(
                verified.path("problems").isEmpty(), "verify finds problems: " + verified.path("problems"));
    }

    private static JsonNode mustSucceed(JsonNode report) {
        DatasetOracle.require(report.path("outcome").asText().equals("ok"), "failed: " + report.path("message"));
        return report;
    }

    @Override
    public void close() {
        underWay.keySet().forEach(processes::replace);
        files.close();
    }
}
