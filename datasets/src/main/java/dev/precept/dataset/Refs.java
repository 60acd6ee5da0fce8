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
 * The movable names of a dataset, such as {@code latest}. A ref is a chain of moves, {@code refs/<name>/<number>.json}: the
 * newest says where it stands, and a move creates the next number, which only one can. Thread-safe.
 */
public final class Refs {
    /** Where {@code release} moves to. */
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
     * @param previous where it stood before; null for its first move
     */
    public record Move(
            long number, String version, @Nullable String previous) {}

    /** How an attempt to move a ref ended. */
    public sealed interface MoveResult {
        /** It stands there now, by this move or one before. */
        record Applied(Move move) implements MoveResult {}

        /** It stands elsewhere than was expected, or somebody else moved it meanwhile. Nothing was changed. */
        record Conflict(Optional<Move> current) implements MoveResult {}
    }

    /** Whether a text can be the name of a ref. */
    public static boolean isValidName(String name) {
        return NAME.matcher(name).matches();
    }

    /** Names that are kept for refs, whether they stand anywhere yet or not. */
    public static boolean isReserved(String name) {
        return RESERVED.contains(name);
    }

    /** Every ref there is. */
    public List<String> names() throws IOException {
        TreeSet<String> names = new TreeSet<>();
        for (String key : store.list(Layout.REFS)) {
            names.add(Layout.parseRef(key));
        }
        return List.copyOf(names);
    }

    /** Where a ref stands; empty if there is no such ref. */
    public Optional<Move> latestMove(String name) throws IOException {
        return journal(name).newest().map(Refs::move);
    }

    /** Every move of a ref, the first one first. */
    public List<Move> moves(String name) throws IOException {
        return journal(name).entries().stream().map(Refs::move).toList();
    }

    /** Moves a ref to a version, if it stands where this move says it did; that it is there already is no move. */
    public MoveResult move(String name, Optional<Move> from, String version) throws IOException {
        if (from.isPresent() && from.get().version().equals(version)) {
            return new MoveResult.Applied(from.get());
        }
        Move next = new Move(
                from.map(Move::number).orElse(0L) + 1,
                version,
                from.map(Move::version).orElse(null));
        ObjectNode said = JSON.createObjectNode().put("ref", name).put("version", version);
        said.put("previous", next.previous()).put("number", next.number());
        if (journal(name).append(next.number(), said)) {
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
