package dev.precept.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The audit log of a dataset, {@code audit/<UTC time>-<random>.json}. A record is created once, before its operation starts,
 * so it proves the attempt; versions, refs, withdrawals and purges prove the result. No version contains audit records.
 * Thread-safe.
 */
public final class Audit {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int RANDOM_BYTES = 6;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Dataset dataset;
    private final InstantSource clock;

    public Audit(Dataset dataset, InstantSource clock) {
        this.dataset = dataset;
        this.clock = clock;
    }

    /** Operations that are recorded: those that cannot be undone or that affect other readers. */
    public enum Action {
        RELEASE,
        WITHDRAW,
        PURGE,
        REF,
        /** An evaluation is recorded for a version, which may open the gate of a ref. */
        EVALUATION,
        CLEAN,
        CLOSE,
        CALIBRATE
    }

    /**
     * The user of an operation, as reported by their machine.
     *
     * @param user owner of the process
     * @param host where the process runs; the pod name on Kubernetes
     * @param actor name given by the user; empty if none was given
     */
    public record Principal(String user, String host, String actor) {}

    /**
     * One recorded operation.
     *
     * @param details options of the command
     */
    public record Entry(Instant when, Principal principal, Action action, Map<String, String> details) {}

    /**
     * Records an operation that is about to start.
     *
     * @param with options of the command; no row, no secret
     * @throws IOException if the store fails: then do not start the operation
     */
    public void record(Principal principal, Action action, Map<String, String> with) throws IOException {
        Instant now = clock.instant();
        ObjectNode json = JSON.createObjectNode();
        json.putObject("who")
                .put("user", principal.user())
                .put("host", principal.host())
                .put("actor", principal.actor());
        ObjectNode what = json.putObject("what").put("act", action.name().toLowerCase(Locale.ROOT));
        new TreeMap<>(with).forEach(what.putObject("with")::put);
        json.put("when", now.toString());
        byte[] random = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(random);
        String key = Layout.audit(TIME.format(now) + "-" + HexFormat.of().formatHex(random));
        if (!dataset.store().createIfAbsent(key, Dataset.pretty(json))) {
            throw new IOException(key + " exists already; try again");
        }
    }

    /**
     * All records, oldest first.
     *
     * @throws IOException if the store fails, or a record is not readable
     */
    public List<Entry> entries() throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (String key : dataset.store().list(Layout.AUDIT)) {
            byte[] json = dataset.store()
                    .read(key)
                    .orElseThrow(() -> new IOException(key + " was listed but does not exist"));
            try {
                entries.add(entry(JSON.readTree(json)));
            } catch (IOException | IllegalArgumentException | java.time.DateTimeException e) {
                throw new IOException(key + " is not an audit record; put it back from a backup", e);
            }
        }
        return entries;
    }

    private static Entry entry(JsonNode json) {
        JsonNode who = json.required("who");
        JsonNode what = json.required("what");
        Map<String, String> with = new TreeMap<>();
        what.required("with")
                .properties()
                .forEach(each -> with.put(each.getKey(), each.getValue().asText()));
        return new Entry(
                Instant.parse(json.required("when").asText()),
                new Principal(
                        who.path("user").asText(),
                        who.path("host").asText(),
                        who.path("actor").asText()),
                Action.valueOf(what.required("act").asText().toUpperCase(Locale.ROOT)),
                with);
    }
}
