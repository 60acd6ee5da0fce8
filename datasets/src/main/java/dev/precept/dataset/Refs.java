package dev.precept.dataset;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.store.ObjectStore;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The movable names of versions, such as {@code latest}. A ref is a journal of moves, {@code refs/<name>/<number>.json}. The
 * newest move is its current version; a move creates the next number, so of concurrent moves one succeeds. Thread-safe.
 */
public final class Refs {
    /** The ref that a release moves to its version. */
    public static final String LATEST = "latest";

    private static final List<String> RESERVED = List.of(LATEST, "prod");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectStore store;

    Refs(ObjectStore store) {
        this.store = store;
    }

    /**
     * One move of a ref.
     *
     * @param number from 1, without a gap
     * @param previous the version before; null for the first move
     */
    public record Move(
            long number, String version, @Nullable String previous) {}

    /** The result of a move. */
    public sealed interface MoveResult {
        /** The ref names the version, by this move or an earlier one. */
        record Applied(Move move) implements MoveResult {}

        /** The ref names another version than expected, or was moved concurrently. Nothing was changed. */
        record Conflict(Optional<Move> current) implements MoveResult {}
    }

    /** Whether a text can be the name of a ref or of a version. */
    public static boolean isValidName(String name) {
        return NAME.matcher(name).matches();
    }

    /** Whether a name is reserved for a ref, even if the ref does not exist yet. */
    public static boolean isReserved(String name) {
        return RESERVED.contains(name);
    }

    /** The names of all refs. */
    public List<String> names() throws IOException {
        TreeSet<String> names = new TreeSet<>();
        for (String key : store.list(Layout.REFS)) {
            names.add(Layout.parseRef(key));
        }
        return List.copyOf(names);
    }

    /** The newest move of a ref; empty if there is no such ref. */
    public Optional<Move> latestMove(String name) throws IOException {
        return isValidName(name) ? journal(name).newest().map(Refs::move) : Optional.empty();
    }

    /** All moves of a ref, oldest first. */
    public List<Move> moves(String name) throws IOException {
        return journal(name).entries().stream().map(Refs::move).toList();
    }

    /** Moves a ref to a version if {@code from} is still its newest move. No move if the ref names the version already. */
    public MoveResult move(String name, Optional<Move> from, String version) throws IOException {
        if (from.isPresent() && from.get().version().equals(version)) {
            return new MoveResult.Applied(from.get());
        }
        Move next = new Move(
                from.map(Move::number).orElse(0L) + 1,
                version,
                from.map(Move::version).orElse(null));
        ObjectNode body = JSON.createObjectNode().put("ref", name).put("version", version);
        body.put("previous", next.previous()).put("number", next.number());
        if (journal(name).append(next.number(), body)) {
            return new MoveResult.Applied(next);
        }
        return new MoveResult.Conflict(latestMove(name));
    }

    private static Move move(Journal.Entry entry) {
        return new Move(
                entry.number(),
                entry.body().path("version").asText(),
                entry.body().path("previous").textValue());
    }

    private Journal journal(String name) {
        return new Journal(store, Layout.ref(name));
    }
}
