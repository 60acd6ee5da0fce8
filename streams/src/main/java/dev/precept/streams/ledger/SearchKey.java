package dev.precept.streams.ledger;

import dev.precept.records.SlotRef;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The key of a request to the near-duplicate search, and of its answer. It names what waits, also where the record cannot be
 * decoded.
 *
 * @param partition of the answer
 * @param runId of what waits
 * @param promptId of what waits
 * @param pending the key under which it waits
 */
public record SearchKey(int partition, String runId, String promptId, String pending) {
    private static final Pattern KEY = Pattern.compile(
            "(?<partition>[0-9]{1,9})\\|(?<pending>(?<run>[^|]+)\\|(?<prompt>[^|]+)(\\|.*)?)", Pattern.DOTALL);

    /** Of a request about a prompt. */
    public static SearchKey ofPrompt(int partition, SlotRef ref) {
        return new SearchKey(
                partition, ref.getRunId(), ref.getPromptId(), SlotKey.owner(ref.getRunId(), ref.getPromptId()));
    }

    /** Of a request about a reasoning. */
    public static SearchKey ofReasoning(int partition, SlotRef ref) {
        return new SearchKey(partition, ref.getRunId(), ref.getPromptId(), SlotKey.row(ref));
    }

    /** Empty for the key of another program. */
    public static Optional<SearchKey> parse(@Nullable String key) {
        Matcher matcher = KEY.matcher(key == null ? "" : key);
        return matcher.matches()
                ? Optional.of(new SearchKey(
                        Integer.parseInt(matcher.group("partition")),
                        matcher.group("run"),
                        matcher.group("prompt"),
                        matcher.group("pending")))
                : Optional.empty();
    }

    /** The key of the record. */
    public String text() {
        return partition + "|" + pending;
    }
}
