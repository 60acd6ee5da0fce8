package dev.precept.evaluation.result;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.config.ConfigurationException;
import dev.precept.config.FileErrors;
import dev.precept.evaluation.ask.CallLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The folder of one evaluation. Results lie in it, each file replaced as a whole; {@code work/} holds what a killed
 * evaluation resumes from: its identity, the log of calls, and a secret. One process uses it at a time.
 */
public final class ResultFolder implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String WORK = "work";
    private static final String IDENTITY = "identity";
    private static final String SECRET = "secret";
    private static final int SECRET_BYTES = 32;

    private final Path folder;
    private final CallLog log;

    private ResultFolder(Path folder, CallLog log) {
        this.folder = folder;
        this.log = log;
    }

    /**
     * Opens or creates a folder.
     *
     * @param identity what decides the answers; an evaluation with another one does not go on here
     * @throws ConfigurationException if the folder cannot be written, or holds another evaluation
     */
    public static ResultFolder open(Path folder, Map<String, String> identity) {
        Path work = folder.resolve(WORK);
        try {
            Files.createDirectories(work);
            CallLog log = CallLog.open(work.resolve("answers.log"));
            try {
                Path file = work.resolve(IDENTITY);
                if (Files.exists(file)) {
                    requireSame(folder, read(file), identity);
                } else {
                    replace(file, JSON.writeValueAsBytes(new LinkedHashMap<>(identity)));
                }
                return new ResultFolder(folder, log);
            } catch (IOException | RuntimeException e) {
                log.close();
                throw e;
            }
        } catch (IOException e) {
            throw new ConfigurationException(
                    "--out " + folder + ": cannot be written (" + FileErrors.describe(e) + "); name another folder");
        }
    }

    private static Map<String, String> read(Path file) throws IOException {
        Map<String, String> identity = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, JsonNode> entry :
                    JSON.readTree(Files.readAllBytes(file)).properties()) {
                identity.put(entry.getKey(), entry.getValue().asText());
            }
            return identity;
        } catch (JsonProcessingException e) {
            throw new ConfigurationException(file + ": damaged; give another --out");
        }
    }

    private static void requireSame(Path folder, Map<String, String> held, Map<String, String> given) {
        List<String> differences = new ArrayList<>();
        Map<String, String> all = new LinkedHashMap<>(held);
        all.putAll(given);
        for (String key : all.keySet()) {
            String was = held.getOrDefault(key, "none");
            String is = given.getOrDefault(key, "none");
            if (!was.equals(is)) {
                differences.add(key + " was " + was + " and is " + is);
            }
        }
        if (!differences.isEmpty()) {
            throw new ConfigurationException("--out " + folder + ": holds another evaluation ("
                    + String.join("; ", differences) + "); give another --out");
        }
    }

    public Path path() {
        return folder;
    }

    public CallLog log() {
        return log;
    }

    /** A path of a file in the folder. */
    public Path resolve(String name) {
        return folder.resolve(name);
    }

    /** A secret of this evaluation, from which the delimiters of untrusted text follow. */
    public byte[] secret() throws IOException {
        Path file = folder.resolve(WORK).resolve(SECRET);
        if (!Files.exists(file)) {
            byte[] secret = new byte[SECRET_BYTES];
            new SecureRandom().nextBytes(secret);
            replace(file, HexFormat.of().formatHex(secret).getBytes(StandardCharsets.US_ASCII));
        }
        try {
            return HexFormat.of()
                    .parseHex(Files.readString(file, StandardCharsets.US_ASCII).strip());
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(file + ": damaged; give another --out");
        }
    }

    /** Writes a JSON result. */
    public void write(String name, ObjectNode result) throws IOException {
        write(name, result.toPrettyString() + "\n");
    }

    /** Writes a text. */
    public void write(String name, String text) throws IOException {
        replace(folder.resolve(name), text.getBytes(StandardCharsets.UTF_8));
    }

    private static void replace(Path file, byte[] bytes) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.write(part, bytes);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void close() throws IOException {
        log.close();
    }
}
