package dev.precept.cli.run;

import dev.precept.runtime.WorkFolder;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Configures logging: a file in the work folder for a run, standard error for a worker, off for other commands. */
public final class Logging {
    private static final String SIMPLE = "org.slf4j.simpleLogger.";
    private static final String STREAM = "System.err";

    /**
     * Loggers of the clients and the embedded broker that warn of what is normal in each run, and the least level that tells
     * something: a first transaction that waits for the one before it, a starting controller, defaults of a stream, a
     * connection that closes. An outage of Kafka is logged by the app that waits for it.
     */
    private static final Map<String, String> NORMAL = Map.of(
            "org.apache.kafka.clients.producer.internals.Sender", "error",
            "org.apache.kafka.streams.StreamsConfig", "error",
            "org.apache.kafka.streams.processor.internals.StateDirectory", "error",
            "org.apache.kafka.clients.NetworkClient", "error",
            "org.apache.kafka.controller.QuorumController", "error",
            "kafka.server.DefaultAutoTopicCreationManager", "error");

    private Logging() {}

    /** Must be called before the first logger is created. */
    public static void quiet() {
        System.setProperty(SIMPLE + "defaultLogLevel", "off");
    }

    /** The log file of this process; empty if it has none. */
    public static Optional<String> file() {
        return Optional.ofNullable(System.getProperty(SIMPLE + "logFile")).filter(file -> !file.equals(STREAM));
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
        System.setProperty(SIMPLE + "logFile", STREAM);
        // The preflight reports connection errors itself, in one line per attempt.
        System.setProperty(SIMPLE + "log.org.apache.kafka.clients.admin.internals", "error");
        levels();
    }

    private static void levels() {
        System.setProperty(SIMPLE + "defaultLogLevel", "warn");
        System.setProperty(SIMPLE + "log.dev.precept", "info");
        NORMAL.forEach((logger, level) -> System.setProperty(SIMPLE + "log." + logger, level));
        System.setProperty(SIMPLE + "showDateTime", "true");
        System.setProperty(SIMPLE + "dateTimeFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSXXX");
    }
}
