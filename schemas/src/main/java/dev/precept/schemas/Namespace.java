package dev.precept.schemas;

import java.util.regex.Pattern;

/**
 * What belongs to one dataset alone on a broker: its topics, application id, consumer groups.
 *
 * @param prefix letters, digits, {@code _} and {@code -}, at most 100
 */
public record Namespace(String prefix) {
    private static final Pattern LEGAL = Pattern.compile("[A-Za-z0-9_-]{1,100}");

    public Namespace {
        if (!LEGAL.matcher(prefix).matches()) {
            throw new IllegalArgumentException(
                    "topic prefix '" + prefix + "': allowed are 1 to 100 letters, digits, '_' and '-'");
        }
    }

    /** The name of the topic on the broker, which is also the subject of its schema less the suffix. */
    public String name(Topic<?> topic) {
        return prefix + "." + topic.name();
    }

    /** The subject of the topic's values in a schema registry. */
    public String subject(Topic<?> topic) {
        return name(topic) + "-value";
    }

    /** A consumer group or an application id. */
    public String group(String role) {
        return prefix + "." + role;
    }
}
