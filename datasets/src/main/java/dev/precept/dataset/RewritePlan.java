package dev.precept.dataset;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.dataset.chain.ChainId;
import java.util.Comparator;
import java.util.List;

/**
 * What a rewrite is going to do, {@code rewrites/plans/<number>.json}. It is recorded first; the same command
 * completes it after a crash.
 */
public sealed interface RewritePlan {
    /** From 1; also part of the key of every file that the rewrite stores. */
    long number();

    /**
     * Deletes rows for good.
     *
     * @param why reason, for readers of the dataset
     * @param selector the rows, with the content hashes of selected samples
     * @param withdrawal number of the withdrawal that leaves the rows out of later versions
     */
    record Purge(long number, String why, RowSelector selector, long withdrawal) implements RewritePlan {
        /** Whether a version with these withdrawals has no row of the purge; an earlier withdrawal may select the same rows. */
        public boolean isLeftOutBy(List<Withdrawal> withdrawals) {
            return withdrawals.stream()
                    .anyMatch(each ->
                            each.number() == withdrawal || each.selector().equals(selector));
        }
    }

    /**
     * Merges files of neighbouring commits.
     *
     * @param ranges the ranges that become one file each
     */
    record Compaction(long number, List<Range> ranges) implements RewritePlan {
        public Compaction {
            ranges = List.copyOf(ranges);
        }
    }

    /** A range of a chain that starts and ends with a commit. */
    record Range(ChainId chain, long from, long to) {
        /** By chain and offset. */
        public static final Comparator<Range> ORDER =
                Comparator.comparing((Range range) -> range.chain().logFolder()).thenComparingLong(Range::from);
    }

    /** What it does, for messages. */
    default String describe() {
        return switch (this) {
            case Purge purge -> "the purge of " + purge.selector().describe() + " because: " + purge.why();
            case Compaction _ -> "a compaction";
        };
    }

    default ObjectNode json() {
        ObjectNode json = new ObjectMapper().createObjectNode().put("number", number());
        switch (this) {
            case Purge purge -> {
                json.put("kind", "purge").put("why", purge.why()).put("withdrawal", purge.withdrawal());
                json.setAll(purge.selector().toJson());
            }
            case Compaction compaction -> {
                json.put("kind", "compaction");
                compaction
                        .ranges()
                        .forEach(range -> json.withArray("planned")
                                .add(FileRange.chainJson(range.chain())
                                        .put("from", range.from())
                                        .put("to", range.to())));
            }
        }
        return json;
    }

    /** Reads what {@link #json} wrote. */
    static RewritePlan read(JsonMembers json) throws InvalidDocumentException {
        long number = json.count("number");
        String kind = json.text("kind");
        return switch (kind) {
            case "purge" -> new Purge(number, json.text("why"), RowSelector.read(json), json.count("withdrawal"));
            case "compaction" ->
                new Compaction(
                        number,
                        json.list(
                                "planned",
                                range ->
                                        new Range(FileRange.readChain(range), range.count("from"), range.count("to"))));
            default -> throw json.invalid("kind", "'" + kind + "' is not known to this version of Precept");
        };
    }
}
