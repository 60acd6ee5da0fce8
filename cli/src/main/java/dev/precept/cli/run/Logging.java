package dev.precept.cli.run;

import dev.precept.runtime.WorkFolder;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Configures logging: a file in the work folder for a run, standard error for a worker, off for other commands. */
public final class Logging {
    private static final String SIMPLE = "org.slf4j.simpleLogger.";

    private Logging() {}

    /** Must be called before the first logger is created. */
    public static void quiet() {
        System.setProperty(SIMPLE + "defaultLogLevel", "off");
    }

    /** Logs Precept from INFO, libraries from WARN. */
    public static void toFile(WorkFolder work) {
        String start = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT)
                .withZone(ZoneOffset.UTC)
                .format(Instant.now());
        System.setProperty(
                SIMPLE + "logFile", work.resolve("precept-" + start + ".log").toString());
        levels();
    }

    /** As {@link #toFile}, to standard error, where container runtimes collect logs. */
    public static void toStream() {
        System.setProperty(SIMPLE + "logFile", "System.err");
        // The preflight reports connection errors itself, in one line per attempt.
        System.setProperty(SIMPLE + "log.org.apache.kafka.clients.admin.internals", "error");
        levels();
    }

    private static void levels() {
        System.setProperty(SIMPLE + "defaultLogLevel", "warn");
        System.setProperty(SIMPLE + "log.dev.precept", "info");
        System.setProperty(SIMPLE + "showDateTime", "true");
        System.setProperty(SIMPLE + "dateTimeFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSXXX");
    }
}
