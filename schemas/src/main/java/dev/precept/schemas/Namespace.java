package dev.precept.schemas;

import java.util.regex.Pattern;

/**
 * The names of one dataset on a broker: topics, consumer groups, application id.
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

    /** The topic's name on the broker. */
    public String name(Topic<?> topic) {
        return prefix + "." + topic.name();
    }

    /** The schema registry subject of the topic's values. */
    public String subject(Topic<?> topic) {
        return name(topic) + "-value";
    }

    /** The consumer group or application id of a role. */
    public String group(String role) {
        return prefix + "." + role;
    }
}
