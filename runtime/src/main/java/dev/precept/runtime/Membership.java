package dev.precept.runtime;

import dev.precept.config.ConfigurationException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Identifies a process in the consumer group of its role. A static member has an ordinal and gets its partitions back
 * without a rebalance after a restart.
 *
 * @param suffix unique among the members of the role
 * @param staticMember whether to use static membership ({@code group.instance.id})
 */
public record Membership(String suffix, boolean staticMember) {
    private static final String ORDINAL = "PRECEPT_ORDINAL";
    private static final int SESSION_MILLIS = 6_000;
    private static final int HEARTBEAT_MILLIS = 1_500;

    /** A static member. Ordinals of running members must be distinct. */
    public static Membership staticMember(int ordinal) {
        return new Membership(String.valueOf(ordinal), true);
    }

    /** A dynamic member. */
    public static Membership dynamicMember(String name) {
        return new Membership(name, false);
    }

    /**
     * Reads the environment: a static member if {@code PRECEPT_ORDINAL} is set, otherwise a dynamic member named by {@code
     * POD_NAME} or by a random suffix.
     *
     * @throws ConfigurationException if the ordinal is not a number
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

    /** The member's name in a role. */
    public String name(String role) {
        return role + "-" + suffix;
    }

    /** Consumer settings: session timeout, heartbeat interval, and the instance id of a static member. */
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
