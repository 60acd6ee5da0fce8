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
 * Who did what with a dataset: {@code audit/<UTC time>-<random>.json}, each created once, before the act. A record says that
 * somebody set out to do it; whether it was done is what the versions, refs, withdrawals and purges say. It lies beside the
 * dataset: no version holds a byte of it. Thread-safe.
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

    /** Somebody may do something with a dataset for good or for others; no other act is recorded. */
    public enum Action {
        RELEASE,
        WITHDRAW,
        PURGE,
        REF,
        CLEAN
    }

    /**
     * Who acts, as far as their machine knows.
     *
     * @param user of the process
     * @param host where it runs; a pod's name on Kubernetes
     * @param actor who they say they are; empty if they do not
     */
    public record Principal(String user, String host, String actor) {}

    /**
     * An act as it is on record.
     *
     * @param details what, by the words of the command
     */
    public record Entry(Instant when, Principal principal, Action action, Map<String, String> details) {}

    /**
     * Records an act that is about to begin.
     *
     * @param with what, by the words of the command; no row, no secret
     * @throws IOException if the store fails: then do not act
     */
    public void record(Principal principal, Action action, Map<String, String> with) throws IOException {
        Instant now = clock.instant();
        ObjectNode said = JSON.createObjectNode();
        said.putObject("who")
                .put("user", principal.user())
                .put("host", principal.host())
                .put("actor", principal.actor());
        ObjectNode what = said.putObject("what").put("act", action.name().toLowerCase(Locale.ROOT));
        new TreeMap<>(with).forEach(what.putObject("with")::put);
        said.put("when", now.toString());
        byte[] random = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(random);
        String key = Layout.audit(TIME.format(now) + "-" + HexFormat.of().formatHex(random));
        if (!dataset.store().createIfAbsent(key, Dataset.pretty(said))) {
            throw new IOException(key + " exists already; try again");
        }
    }

    /**
     * Everything on record, the oldest first.
     *
     * @throws IOException if the store fails, or something on record is not readable
     */
    public List<Entry> entries() throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (String key : dataset.store().list(Layout.AUDIT)) {
            byte[] said =
                    dataset.store().read(key).orElseThrow(() -> new IOException(key + " is listed and is not there"));
            try {
                entries.add(entry(JSON.readTree(said)));
            } catch (IOException | IllegalArgumentException | java.time.DateTimeException e) {
                throw new IOException(key + " is not an audit record; put it back from a backup", e);
            }
        }
        return entries;
    }

    private static Entry entry(JsonNode said) {
        JsonNode who = said.required("who");
        JsonNode what = said.required("what");
        Map<String, String> with = new TreeMap<>();
        what.required("with")
                .properties()
                .forEach(each -> with.put(each.getKey(), each.getValue().asText()));
        return new Entry(
                Instant.parse(said.required("when").asText()),
                new Principal(
                        who.path("user").asText(),
                        who.path("host").asText(),
                        who.path("actor").asText()),
                Action.valueOf(what.required("act").asText().toUpperCase(Locale.ROOT)),
                with);
    }
}
