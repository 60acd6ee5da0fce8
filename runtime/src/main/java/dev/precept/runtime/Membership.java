package dev.precept.runtime;

import dev.precept.config.ConfigurationException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * How a process belongs to the consumer group of its role. A fixed member has an ordinal and takes its partitions again at
 * once when it comes back; a passing one is one of many that come and go.
 *
 * @param suffix tells it from the others of its role
 * @param staticMember whether its place is kept while it is away
 */
public record Membership(String suffix, boolean staticMember) {
    private static final String ORDINAL = "PRECEPT_ORDINAL";
    private static final int SESSION_MILLIS = 6_000;
    private static final int HEARTBEAT_MILLIS = 1_500;

    /** The member of this ordinal; no two that live at once have the same. */
    public static Membership staticMember(int ordinal) {
        return new Membership(String.valueOf(ordinal), true);
    }

    /** One of those that come and go. */
    public static Membership dynamicMember(String name) {
        return new Membership(name, false);
    }

    /**
     * What the environment of a process says: {@code PRECEPT_ORDINAL} makes it a fixed member; without it the member is
     * passing, and called by {@code POD_NAME}, or by no name that means anything.
     *
     * @throws ConfigurationException if the ordinal is no number
     */
    public static Membership of(Map<String, String> environment) {
        String ordinal = environment.get(ORDINAL);
        if (ordinal == null || ordinal.isBlank()) {
            String pod = environment.getOrDefault("POD_NAME", "");
            return dynamicMember(pod.isBlank() ? UUID.randomUUID().toString().substring(0, 8) : pod);
        }
        if (!ordinal.matches("\\d{1,4}")) {
            throw new ConfigurationException(ORDINAL + ": '" + ordinal + "' is not an ordinal; give 0, 1, 2 and so on");
        }
        return staticMember(Integer.parseInt(ordinal));
    }

    /** What the member of a role is called. */
    public String name(String role) {
        return role + "-" + suffix;
    }

    /** What a consumer of the role is told: how long it may be silent, and that its place is kept if it is a fixed member. */
    public Map<String, Object> consumerSettings(String role) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("session.timeout.ms", SESSION_MILLIS);
        settings.put("heartbeat.interval.ms", HEARTBEAT_MILLIS);
        if (staticMember) {
            settings.put("group.instance.id", name(role));
        }
        return settings;
    }
}
