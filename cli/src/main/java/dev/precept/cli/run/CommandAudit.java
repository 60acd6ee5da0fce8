package dev.precept.cli.run;

import dev.precept.dataset.Audit;
import dev.precept.dataset.Dataset;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.Map;

/** Records the actions of commands in the audit log of a dataset. */
public final class CommandAudit {
    private static final String ACTOR = "PRECEPT_ACTOR";

    private CommandAudit() {}

    /** Records that the user of this process starts an action. */
    public static void record(Dataset dataset, Audit.Action action, Map<String, String> details) throws IOException {
        new Audit(dataset, Clock.systemUTC()).record(principal(System.getenv()), action, details);
    }

    public static Audit.Principal principal(Map<String, String> environment) {
        return new Audit.Principal(System.getProperty("user.name", ""), host(), environment.getOrDefault(ACTOR, ""));
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown"; // the action does not depend on it
        }
    }
}
