package dev.precept.cli.run;

import dev.precept.runtime.WorkFolder;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Where log lines go: a file of the work folder for a run, nowhere for a command that only looks. */
public final class Logging {
    private static final String SIMPLE = "org.slf4j.simpleLogger.";

    private Logging() {}

    /** Must come before the first logger is made. */
    public static void quiet() {
        System.setProperty(SIMPLE + "defaultLogLevel", "off");
    }

    /** Our own lines from INFO on, everybody else's from WARN on. */
    public static void toFile(WorkFolder work) {
        String start = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss")
                .withZone(ZoneOffset.UTC)
                .format(Instant.now());
        System.setProperty(
                SIMPLE + "logFile", work.resolve("precept-" + start + ".log").toString());
        levels();
    }

    /** As {@link #toFile}, but to the standard error stream, where whoever runs containers collects lines. */
    public static void toStream() {
        System.setProperty(SIMPLE + "logFile", "System.err");
        // What it meets is told in one line by whoever asked, and anew at every try.
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
