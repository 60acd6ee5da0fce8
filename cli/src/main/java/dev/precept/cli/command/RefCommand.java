package dev.precept.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.cli.run.CommandAudit;
import dev.precept.cli.terminal.CommandName;
import dev.precept.config.ConfigurationException;
import dev.precept.dataset.Audit;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.DatasetLocation;
import dev.precept.dataset.Refs;
import dev.precept.dataset.gate.RefGate;
import dev.precept.dataset.gate.RefGates;
import dev.precept.dataset.gate.VersionEvaluation;
import dev.precept.runtime.ExitCode;
import dev.precept.runtime.ShellWord;
import dev.precept.store.location.StoreLocation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code precept ref}. */
@Command(
        name = "ref",
        mixinStandardHelpOptions = true,
        description = "List, show or move refs: movable names of versions, such as latest or prod.")
final class RefCommand implements Callable<Integer> {
    private static final int NEWEST = 10;

    /** With --dataset the first is the ref, so that picocli cannot tell them apart. */
    @Parameters(
            arity = "0..3",
            paramLabel = "DATASET [REF [VERSION]]",
            hideParamSyntax = true,
            description =
                    "a folder or s3://bucket/prefix; the ref, such as prod, or none to list all; the version to move the"
                            + " ref to")
    private List<String> arguments = List.of();

    @Option(names = "--dataset", paramLabel = "DATASET", description = "the dataset, in place of the first argument")
    private @Nullable String dataset;

    private String name = "";

    @Option(
            names = "--expect",
            paramLabel = "VERSION",
            description =
                    "move only if the ref points to this version; default: where it points when the command starts")
    private @Nullable String expect;

    @Mixin
    private OverrideOptions override = new OverrideOptions();

    @Mixin
    private OutputOption output = new OutputOption();

    @Override
    public Integer call() throws IOException {
        List<String> given = new ArrayList<>(arguments);
        if (dataset != null) {
            given.addFirst(dataset);
        }
        if (given.isEmpty() || given.size() > 3) {
            throw new ConfigurationException("give a dataset, to list its refs, and a ref to show, as in ./dataset"
                    + " latest; with a version the ref moves to it");
        }
        StoreLocation location = DatasetLocation.of(given.getFirst());
        if (given.size() == 1) {
            if (expect != null) {
                throw new ConfigurationException("--expect " + expect + ": give the ref and the version to move it to");
            }
            override.requireNone("give the ref and the version to move it to");
            list(Dataset.openReadOnly(location));
            return ExitCode.RELEASED.code();
        }
        name = given.get(1);
        if (!Refs.isValidName(name)) {
            throw new ConfigurationException(
                    "ref '" + name + "' is not allowed; give letters, digits, '.', '_' and '-'");
        }
        if (given.size() == 2) {
            override.requireNone("give the version to move the ref to");
            show(Dataset.openReadOnly(location));
            return ExitCode.RELEASED.code();
        }
        return move(Dataset.openExisting(location), given.get(2)).code();
    }

    private void list(Dataset opened) throws IOException {
        ObjectNode json = OutputOption.object();
        ArrayNode refs = json.putArray("refs");
        for (String each : opened.refs().names()) {
            Refs.Move newest = opened.refs().latestMove(each).orElseThrow();
            if (output.isJson()) {
                refs.add(json(each, newest));
            } else {
                System.out.println(text(each, newest));
            }
        }
        if (output.isJson()) {
            OutputOption.print(json);
        } else if (opened.refs().names().isEmpty()) {
            System.out.println(opened.location() + " has no refs; a release makes the first one, latest");
        }
    }

    private static String text(String ref, Refs.Move move) {
        return ref + " is " + move.version() + (move.previous() == null ? "" : ", was " + move.previous());
    }

    private void show(Dataset opened) throws IOException {
        List<Refs.Move> moves = opened.refs().moves(name);
        if (moves.isEmpty()) {
            List<String> names = opened.refs().names();
            throw new ConfigurationException("dataset " + opened.location() + " has no ref '" + name + "'; it has "
                    + (names.isEmpty() ? "none" : String.join(", ", names)));
        }
        if (output.isJson()) {
            ObjectNode json = json(moves.getLast());
            ArrayNode history = json.putArray("moves");
            moves.forEach(move -> history.add(json(move)));
            OutputOption.print(json);
            return;
        }
        System.out.println(name + " is " + moves.getLast().version());
        gate(opened).ifPresent(each -> System.out.println("  gate eval: " + each.describe()));
        for (Refs.Move move : moves.reversed().stream().limit(NEWEST).toList()) {
            System.out.println("  " + move.number() + "  " + move.version()
                    + (move.previous() == null ? "" : "  was " + move.previous()));
        }
    }

    private ExitCode move(Dataset opened, String to) throws IOException {
        Optional<RefGate> applying = gate(opened);
        override.requireKnown(applying.isPresent() ? List.of(RefGate.NAME) : List.of());
        if (opened.versions().has(name)) {
            throw new ConfigurationException(
                    "ref " + name + ": is the name of a version, and versions do not move; give another name");
        }
        if (!opened.versions().has(to)) {
            List<String> versions = opened.versions().all();
            throw new ConfigurationException("dataset " + opened.location() + " has no version '" + to + "'; it has "
                    + (versions.isEmpty() ? "none" : String.join(", ", versions)));
        }
        Optional<Refs.Move> from = opened.refs().latestMove(name);
        if (expect != null && !from.map(Refs.Move::version).equals(Optional.of(expect))) {
            throw new ConfigurationException("ref " + name + " " + target(from) + ", not to " + expect
                    + "; not moved: check it, then give its version as --expect");
        }
        Optional<RefGate> gate = from.map(Refs.Move::version).equals(Optional.of(to)) ? Optional.empty() : applying;
        Optional<VersionEvaluation> evaluation =
                gate.isPresent() ? VersionEvaluation.newest(opened, to) : Optional.empty();
        Optional<String> refusal = gate.flatMap(each -> each.refusal(to, evaluation));
        if (refusal.isPresent() && !override.isOf(RefGate.NAME)) {
            print(refusal.get(), opened.location() + "@" + to);
            return ExitCode.NOT_RELEASED;
        }
        Map<String, String> details = new TreeMap<>(Map.of(
                "ref", name, "to", to, "from", from.map(Refs.Move::version).orElse("nowhere")));
        override.addTo(details);
        refusal.ifPresent(why -> details.put("found", why));
        evaluation.ifPresent(newest -> details.put("evaluation", String.valueOf(newest.number())));
        CommandAudit.record(opened, Audit.Action.REF, details);
        switch (opened.refs().move(name, from, to)) {
            case Refs.MoveResult.Applied(Refs.Move move) -> {
                if (output.isJson()) {
                    OutputOption.print(json(move));
                } else {
                    System.out.println(text(name, move));
                }
            }
            case Refs.MoveResult.Conflict(Optional<Refs.Move> now) ->
                throw new ConfigurationException("ref " + name + " was moved by another process and " + target(now)
                        + "; not moved: check it, then run the command again");
        }
        return ExitCode.RELEASED;
    }

    /** The gate of the ref. */
    private Optional<RefGate> gate(Dataset opened) throws IOException {
        return new RefGates(opened).newest().filter(each -> each.guards(name));
    }

    private void print(String refusal, String version) {
        if (output.isJson()) {
            OutputOption.print(OutputOption.object()
                    .put("ref", name)
                    .put("moved", false)
                    .put("gate", RefGate.NAME)
                    .put("why", refusal));
        } else {
            System.out.println("ref " + name + " not moved: " + refusal);
            System.out.println(CommandName.in("  record one: 'precept eval RECIPE --suite safety --for "
                    + ShellWord.of(version) + " …', or move it with --override eval --why TEXT"));
        }
    }

    private ObjectNode json(Refs.Move move) {
        return json(name, move);
    }

    private static ObjectNode json(String ref, Refs.Move move) {
        return OutputOption.object()
                .put("ref", ref)
                .put("number", move.number())
                .put("version", move.version())
                .put("previous", move.previous());
    }

    private static String target(Optional<Refs.Move> move) {
        return move.map(at -> "points to " + at.version()).orElse("points to no version");
    }
}
