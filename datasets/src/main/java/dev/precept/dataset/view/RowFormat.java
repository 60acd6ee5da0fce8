package dev.precept.dataset.view;

import dev.precept.records.Message;
import dev.precept.records.Sample;
import java.util.List;

/**
 * What the columns of a version depend on beside the view: the same for every row, file and process of the version.
 *
 * @param json whether messages and tools are JSON. A struct has the same keys in every row, null where a message lacks one, and
 *     chat templates fail on such nulls; so messages are structs only if none has another key than role, content and reasoning
 * @param developerAsSystem whether turns of the developer are turns of the system, for templates that know no developer
 */
public record RowFormat(boolean json, boolean developerAsSystem) {
    /** Messages are structs; roles are those of the prompts. */
    public static final RowFormat PLAIN = new RowFormat(false, false);

    /** Messages are JSON; roles are those of the prompts. Fits every row. */
    public static final RowFormat JSON = new RowFormat(true, false);

    /** Whether a sample does not fit into structs: it has tools, or a message with a key of its own. */
    public static boolean needsJson(Sample sample) {
        return sample.getTools() != null || needsJson(sample.getMessages());
    }

    private static boolean needsJson(List<Message> messages) {
        return messages.stream()
                .anyMatch(message ->
                        message.getToolCalls() != null || message.getToolCallId() != null || message.getName() != null);
    }
}
