package dev.precept.cli.run;

import dev.precept.dataset.Audit;
import dev.precept.dataset.Dataset;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.Map;

/** Who gives a command: what the audit of a dataset names. */
public final class CommandAudit {
    private static final String NAMED = "PRECEPT_ACTOR";

    private CommandAudit() {}

    /** Records that whoever runs this process sets out to do something. */
    public static void record(Dataset dataset, Audit.Action action, Map<String, String> with) throws IOException {
        new Audit(dataset, Clock.systemUTC()).record(principal(System.getenv()), action, with);
    }

    public static Audit.Principal principal(Map<String, String> environment) {
        return new Audit.Principal(System.getProperty("user.name", ""), host(), environment.getOrDefault(NAMED, ""));
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown"; // a host without a name is no reason not to act
        }
    }
}
