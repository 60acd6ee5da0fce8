package dev.precept.runs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a person asks of a run. Its JSON is the progress of the run with more fields; a field that is not known is
 * null.
 */
public final class RunStatus {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SECONDS_PER_MINUTE = 60;
    private static final int MINUTES_PER_HOUR = 60;

    private final ObjectNode json;

    private RunStatus(ObjectNode json) {
        this.json = json;
    }

    /**
     * Where the parts of a run are, and its models; null what is not known.
     *
     * @param generator its model
     * @param judge its model
     */
    public record Places(
            @Nullable String dataset,
            @Nullable String work,
            @Nullable String log,
            @Nullable String generator,
            @Nullable String judge) {

        /** With the models of an identity, where they are not known. */
        Places withModelsOf(Optional<String> identity) {
            JsonNode known = identity.map(RunStatus::parse).orElseGet(JSON::createObjectNode);
            return new Places(
                    dataset,
                    work,
                    log,
                    generator == null ? known.path("generator.model").textValue() : generator,
                    judge == null ? known.path("judge.model").textValue() : judge);
        }
    }

    /**
     * @param progress as {@link RunProgress#toJson}
     * @param started empty if not known
     * @param perMinute slots that ended in the last minute; empty if no process is running
     * @param now by the clock of the reader
     */
    public static RunStatus of(
            JsonNode progress,
            RunActivity activity,
            Places places,
            Optional<Instant> started,
            Optional<Double> perMinute,
            Instant now) {
        ObjectNode json = JSON.createObjectNode();
        json.set("run_id", progress.path("run_id"));
        json.put("state", activity.state().label());
        json.put("activity", activity.activity().label());
        json.put("why", activity.why());
        json.put(
                "started",
                started.map(from -> from.truncatedTo(ChronoUnit.MILLIS).toString())
                        .orElse(null));
        Optional<Instant> last = asOf(progress);
        // How long a run took that makes no calls any more is known by its last progress only.
        Optional<Instant> until = isOver(activity.activity().label()) ? last : Optional.of(now);
        json.put(
                "elapsed_seconds",
                started.flatMap(from -> until.map(
                                to -> Math.max(0, Duration.between(from, to).toSeconds())))
                        .orElse(null));
        json.put("slots_per_minute", perMinute.orElse(null));
        json.put("eta_seconds", eta(progress, perMinute));
        json.putObject("models").put("generator", places.generator()).put("judge", places.judge());
        json.put("dataset", places.dataset()).put("work", places.work()).put("log", places.log());
        progress.properties().forEach(field -> json.set(field.getKey(), field.getValue()));
        if (last.isEmpty()) {
            json.putNull("as_of");
        }
        return new RunStatus(json);
    }

    /** Reads the status of a run, whether a process is running it or not. */
    public static RunStatus read(RunConnection run) throws InterruptedException {
        boolean stopped = run.isStopped(); // before its Kafka is started here
        Optional<Instant> created =
                run instanceof WorkFolderRun local ? Optional.of(local.created()) : Optional.empty();
        Optional<JsonNode> complete = run.finalProgress();
        if (complete.isPresent()) {
            boolean releasing = run instanceof WorkFolderRun && !stopped;
            RunActivity ended = new RunActivity(
                    RunActivity.State.COMPLETE,
                    releasing ? RunActivity.Activity.RUNNING : RunActivity.Activity.STOPPED,
                    releasing ? "its version is being released" : "");
            return of(complete.get(), ended, run.places(), created, Optional.empty(), Instant.now());
        }
        if (run instanceof WorkFolderRun local) {
            Optional<RunActivity> before = local.beforeItsKafka();
            if (before.isPresent()) {
                RunProgress none = RunProgress.of(run.runId(), local.partitions(), List.of(), List.of());
                return of(none.toJson(), before.get(), run.places(), created, Optional.empty(), Instant.now());
            }
        }
        return run.withKafka(kafka -> {
            try (KafkaRunStatus status = new KafkaRunStatus(kafka, run, created)) {
                return status.read(stopped);
            }
        });
    }

    /**
     * Reads the status again and again, over one connection to the Kafka of the run. It returns once {@code more} does not
     * hold, after the first status of a run that no process is running, and when the processes end.
     *
     * @param interval between two statuses
     * @param more is given each status; whether another one is wanted
     */
    public static void follow(RunConnection run, Duration interval, Predicate<RunStatus> more)
            throws InterruptedException {
        if (isAtRest(run)) {
            boolean _ = more.test(read(run));
            return;
        }
        Optional<Instant> created =
                run instanceof WorkFolderRun local ? Optional.of(local.created()) : Optional.empty();
        boolean _ = run.withKafka(kafka -> {
            try (KafkaRunStatus status = new KafkaRunStatus(kafka, run, created)) {
                while (more.test(status.read(false)) && !isAtRest(run)) {
                    Thread.sleep(interval);
                }
            }
            return true;
        });
    }

    /** Whether its Kafka says nothing new, or cannot be asked. */
    private static boolean isAtRest(RunConnection run) throws InterruptedException {
        return run instanceof WorkFolderRun local
                && (local.isStopped()
                        || local.finalProgress().isPresent()
                        || local.beforeItsKafka().isPresent());
    }

    /** Empty before the first progress. */
    private static Optional<Instant> asOf(JsonNode progress) {
        String text = progress.path("as_of").asText("");
        return text.isEmpty() || Instant.parse(text).equals(Instant.EPOCH)
                ? Optional.empty()
                : Optional.of(Instant.parse(text));
    }

    /** Null until the number of slots is known: before the end of the input there may be more. */
    private static @Nullable Long eta(JsonNode progress, Optional<Double> perMinute) {
        long left = progress.path("in_flight").asLong();
        boolean known = progress.path("input_complete").asBoolean();
        return !known || left == 0 || perMinute.isEmpty() || perMinute.get() == 0
                ? null
                : (Long) (long) Math.ceil(left / perMinute.get() * SECONDS_PER_MINUTE);
    }

    private static JsonNode parse(String identity) {
        try {
            return JSON.readTree(identity);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the identity of a run is not JSON", e);
        }
    }

    public ObjectNode toJson() {
        return json;
    }

    /** For a person: a line for each field that is known. The counts are {@link RunProgress#table} of the JSON. */
    public String text() {
        StringBuilder text = new StringBuilder("run ")
                .append(json.path("run_id").asText())
                .append(": ")
                .append(json.path("state").asText())
                .append(", ")
                .append(json.path("activity").asText().replace('_', ' '))
                .append(System.lineSeparator());
        line(text, "", json.path("why").asText());
        if (json.hasNonNull("started")) {
            line(
                    text,
                    "started",
                    json.path("started").asText()
                            + (json.hasNonNull("elapsed_seconds")
                                    ? ", "
                                            + duration(
                                                    json.path("elapsed_seconds").asLong())
                                            + (isStopped() ? " to its last progress" : " ago")
                                    : ""));
        }
        if (json.hasNonNull("as_of") || !isStopped()) {
            line(
                    text,
                    "progress",
                    json.hasNonNull("as_of") ? "as of " + json.path("as_of").asText() : "none yet");
        }
        if (json.hasNonNull("slots_per_minute")) {
            line(
                    text,
                    "rate",
                    String.format(
                                    Locale.ROOT,
                                    "%.1f slots per minute in the last minute",
                                    json.path("slots_per_minute").asDouble())
                            + (json.hasNonNull("eta_seconds")
                                    ? ", ETA "
                                            + duration(json.path("eta_seconds").asLong())
                                    : ""));
        }
        String generator = json.path("models").path("generator").asText("");
        String judge = json.path("models").path("judge").asText("");
        line(text, "models", generator.equals(judge) ? generator : generator + ", judge " + judge);
        line(text, "dataset", json.path("dataset").asText(""));
        line(text, "work folder", json.path("work").asText(""));
        line(text, "log", json.path("log").asText(""));
        return text.toString();
    }

    private boolean isStopped() {
        return isOver(json.path("activity").asText());
    }

    private static boolean isOver(String activity) {
        return activity.equals(RunActivity.Activity.STOPPED.label())
                || activity.equals(RunActivity.Activity.OUT_OF_BUDGET.label());
    }

    private static void line(StringBuilder text, String name, String value) {
        if (!value.isEmpty()) {
            text.append(String.format(Locale.ROOT, "  %-16s %s%n", name, value));
        }
    }

    /** As in 75s: 1m15s. */
    public static String duration(long seconds) {
        long minutes = seconds / SECONDS_PER_MINUTE;
        return minutes == 0
                ? seconds + "s"
                : minutes < MINUTES_PER_HOUR
                        ? minutes + "m" + seconds % SECONDS_PER_MINUTE + "s"
                        : minutes / MINUTES_PER_HOUR + "h" + minutes % MINUTES_PER_HOUR + "m";
    }
}
