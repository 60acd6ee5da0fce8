package dev.precept.cli.command;

import dev.precept.cli.run.CommandAudit;
import dev.precept.config.ConfigurationException;
import dev.precept.dataset.Audit;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.DatasetLocation;
import dev.precept.dataset.Refs;
import dev.precept.runtime.ExitCode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code precept ref}: where a movable name stands, or a move of it. */
@Command(
        name = "ref",
        mixinStandardHelpOptions = true,
        description = "Shows where a movable name such as latest or prod stands, or moves it to a version.")
final class RefCommand implements Callable<Integer> {
    private static final int NEWEST = 10;

    @Parameters(index = "0", paramLabel = "DATASET", description = "a folder or s3://bucket/prefix")
    private String place = "";

    @Parameters(index = "1", paramLabel = "NAME", description = "the name that moves")
    private String name = "";

    @Parameters(index = "2", arity = "0..1", paramLabel = "VERSION", description = "where it is to stand from now on")
    private @Nullable String version;

    @Option(
            names = "--expect",
            paramLabel = "VERSION",
            description = "move it only if it stands here; without it: from wherever it stands when the command begins")
    private @Nullable String expect;

    @Override
    public Integer call() throws IOException {
        if (!Refs.isValidName(name)) {
            throw new ConfigurationException(
                    "ref '" + name + "' is not allowed; give letters, digits, '.', '_' and '-'");
        }
        if (version == null) {
            show(Dataset.openReadOnly(DatasetLocation.of(place)));
        } else {
            move(Dataset.openExisting(DatasetLocation.of(place)), version);
        }
        return ExitCode.RELEASED.code();
    }

    private void show(Dataset dataset) throws IOException {
        List<Refs.Move> moves = dataset.refs().moves(name);
        if (moves.isEmpty()) {
            List<String> names = dataset.refs().names();
            throw new ConfigurationException("dataset " + dataset.location() + " has no ref '" + name + "'; it has "
                    + (names.isEmpty() ? "none" : String.join(", ", names)));
        }
        System.out.println(name + " is " + moves.getLast().version());
        for (Refs.Move move : moves.reversed().stream().limit(NEWEST).toList()) {
            System.out.println("  " + move.number() + "  " + move.version()
                    + (move.previous() == null ? "" : "  was " + move.previous()));
        }
    }

    private void move(Dataset dataset, String to) throws IOException {
        if (dataset.versions().has(name)) {
            throw new ConfigurationException(
                    "ref " + name + ": is the name of a version, which never moves; give another name");
        }
        if (!dataset.versions().has(to)) {
            List<String> versions = dataset.versions().all();
            throw new ConfigurationException("dataset " + dataset.location() + " has no version '" + to + "'; it has "
                    + (versions.isEmpty() ? "none" : String.join(", ", versions)));
        }
        Optional<Refs.Move> from = dataset.refs().latestMove(name);
        if (expect != null && !from.map(Refs.Move::version).equals(Optional.of(expect))) {
            throw new ConfigurationException("ref " + name + " " + stands(from) + ", not at " + expect
                    + "; nothing was moved: look at it, then give --expect where it stands");
        }
        CommandAudit.record(
                dataset,
                Audit.Action.REF,
                Map.of(
                        "ref",
                        name,
                        "to",
                        to,
                        "from",
                        from.map(Refs.Move::version).orElse("nowhere")));
        switch (dataset.refs().move(name, from, to)) {
            case Refs.MoveResult.Applied(Refs.Move move) ->
                System.out.println(
                        name + " is " + move.version() + (move.previous() == null ? "" : ", was " + move.previous()));
            case Refs.MoveResult.Conflict(Optional<Refs.Move> now) ->
                throw new ConfigurationException("ref " + name + " was moved by somebody else meanwhile and "
                        + stands(now) + "; nothing was moved: look at it, then give the command again");
        }
    }

    private static String stands(Optional<Refs.Move> move) {
        return move.map(at -> "stands at " + at.version()).orElse("stands nowhere");
    }
}
