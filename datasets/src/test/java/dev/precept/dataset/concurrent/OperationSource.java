package dev.precept.dataset.concurrent;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.dataset.concurrent.Topics.Row;
import dev.precept.dataset.concurrent.Topics.Selector;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Draws the commands of a scenario. */
final class OperationSource {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<List<String>> VIEWS =
            List.of(List.of("sft", "preference"), List.of("raw"), List.of("sft-think", "rl"));

    private final RandomGenerator random;
    private final Topics topics;
    private final DatasetOracle oracle;
    private final List<PurgeRequest> purges;
    private final Path work;
    private int number;
    private int runs = 1;

    OperationSource(RandomGenerator random, Topics topics, DatasetOracle oracle, List<PurgeRequest> purges, Path work) {
        this.random = random;
        this.topics = topics;
        this.oracle = oracle;
        this.purges = purges;
        this.work = work;
    }

    static ObjectNode command(String name) {
        return JSON.createObjectNode().put("name", name);
    }

    /** A command with a spool folder of its own. */
    Operation command(String name, String version) {
        ObjectNode command =
                command(name).put("spool", work.resolve("spool-" + number++).toString());
        if (!version.isEmpty()) {
            command.put("version", version);
        }
        return new Operation(name, command, null, oracle.withdrawals(), oracle.isPlanned(version));
    }

    Operation next() {
        List<String> standing = oracle.standingVersions();
        int drawn = random.nextInt(100);
        if (drawn < 38 || (drawn < 54 && standing.isEmpty())) {
            return release();
        } else if (drawn < 46) {
            return withdraw(draw(standing));
        } else if (drawn < 54) {
            return pull(draw(standing));
        } else if (drawn < 72) {
            return purge();
        } else if (drawn < 82) {
            return command("gc", "");
        } else if (drawn < 86) {
            return command("verify", "");
        } else if (drawn < 90) {
            return command("abandon", drawName());
        } else if (drawn < 94) {
            return command("compact", "");
        } else if (drawn < 97) {
            return sink();
        }
        return register("run-" + ++runs);
    }

    private String drawName() {
        return "v" + (1 + random.nextInt(2));
    }

    private <T> T draw(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    Operation register(String run) {
        Operation register = command("register", "");
        register.command().put("run", run);
        return register;
    }

    Operation sink() {
        Operation sink = command("sink", "");
        sink.command().put("topics", work.resolve("topics").toString()).put("batch", 2 + random.nextInt(5));
        return sink;
    }

    /** The same name mostly has the same settings. */
    private Operation release() {
        int name = random.nextInt(2);
        int settings = random.nextInt(4) == 0 ? random.nextInt(VIEWS.size()) : name;
        Operation release = release("v" + (name + 1), VIEWS.get(settings).toArray(String[]::new));
        List<String> standing = oracle.standingVersions();
        if (!standing.isEmpty() && random.nextInt(4) == 0) {
            release.command().put("from", draw(standing));
        }
        return release;
    }

    Operation release(String version, String... views) {
        Operation release = command("release", version);
        release.command().put("shards", views.length).put("validation", views.length == 1 ? 0 : 0.3);
        List.of(views).forEach(view -> release.command().withArray("views").add(view));
        return release;
    }

    private Operation withdraw(String from) {
        Operation withdraw = command("withdraw", "w" + number);
        select(withdraw.command().put("from", from), drawSelector());
        return withdraw;
    }

    private Operation pull(String version) {
        Operation pull = command("pull", version);
        pull.command()
                .put("view", draw(oracle.version(version).views()))
                .put("to", work.resolve("pulled-" + number).toString());
        return pull;
    }

    private Operation purge() {
        List<PurgeRequest> open = purges.stream()
                .filter(purge -> purge.state() == PurgeRequest.State.STARTED)
                .toList();
        return purge(
                open.isEmpty() || random.nextInt(3) == 0
                        ? drawSelector()
                        : draw(open).selector());
    }

    private Operation purge(Selector selector) {
        Operation form = command("purge", "");
        select(form.command(), selector);
        return new Operation(
                form.name(), form.command(), new PurgeRequest(selector, oracle.heads()), form.withdrawals(), false);
    }

    /** Each purge that was started, once; unfinished ones first. */
    List<Operation> purgesAgain() {
        Map<Selector, Boolean> again = new LinkedHashMap<>();
        purges.stream()
                .filter(purge -> purge.state() != PurgeRequest.State.REFUSED)
                .forEach(purge -> again.put(purge.selector(), true));
        return again.keySet().stream().map(this::purge).toList();
    }

    private static void select(ObjectNode command, Selector selector) {
        command.put(selector.member(), selector.value()).put("why", "asked for " + selector.value());
    }

    private Selector drawSelector() {
        List<Row> rows = new ArrayList<>();
        for (String chain : Topics.CHAINS) {
            rows.addAll(
                    topics
                            .records(chain)
                            .subList(0, Math.toIntExact(oracle.heads().getOrDefault(chain, 0L)))
                            .stream()
                            .filter(Row::isSample)
                            .toList());
        }
        Row row = draw(rows);
        return random.nextInt(3) > 0
                ? new Selector("sample", row.id(), Set.of(row.token()))
                : new Selector("source", row.source(), Set.of());
    }
}
