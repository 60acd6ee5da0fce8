package dev.precept.prompts;

import dev.precept.runtime.FileTrouble;
import dev.precept.runtime.config.ConfigurationException;
import dev.precept.schemas.ContentId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The files of a run, looked at before its first record: read once from end to end, hashed, in constant memory. */
public final class SourceFiles {
    private SourceFiles() {}

    /**
     * Checks that every file is there, can be read, holds at least one row and is of the format its extension says.
     *
     * @return the sources in the order of the settings; those that lie behind the limit are not among them
     * @throws ConfigurationException with all problems of all files
     */
    public static List<PromptSource> check(PromptSettings settings) {
        List<PromptSource> sources = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (PromptSettings.Named file : settings.files()) {
            try {
                sources.add(looked(file));
            } catch (BrokenFile e) {
                problems.add(e.what());
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
        return within(settings.limit(), sources);
    }

    private static List<PromptSource> within(@Nullable Long limit, List<PromptSource> sources) {
        if (limit == null) {
            return List.copyOf(sources);
        }
        List<PromptSource> within = new ArrayList<>();
        long left = limit;
        for (PromptSource source : sources) {
            long asked = Math.min(left, source.rows());
            left -= asked;
            if (asked > 0) {
                within.add(source.first(asked));
            }
        }
        return List.copyOf(within);
    }

    /**
     * What the sources add to the identity of a run: the hash of each file by its name, and how their fields are called.
     */
    public static Map<String, String> identity(List<PromptSource> sources, PromptSettings settings) {
        Map<String, String> identity = new LinkedHashMap<>();
        sources.forEach(source -> identity.put("prompts.files " + source.name(), source.sha256()));
        identity.put("prompts.fields", new TreeMap<>(settings.fields()).toString());
        if (settings.limit() != null) {
            identity.put("prompts.limit", String.valueOf(settings.limit()));
        }
        return identity;
    }

    private static PromptSource looked(PromptSettings.Named file) throws BrokenFile {
        Path path = file.path();
        if (!Files.exists(path)) {
            throw problem(file, ": no such file; looked at " + path);
        }
        if (!Files.isRegularFile(path)) {
            throw problem(file, ": not a file; it is read more than once, so a folder, a pipe or a device will not do");
        }
        Optional<SourceFormat> format = SourceFormat.of(path);
        if (format.isEmpty()) {
            throw problem(file, ": unknown extension; known are " + SourceFormat.KNOWN);
        }
        try {
            return read(file, format.get());
        } catch (BrokenFile e) {
            throw problem(file, e.what());
        } catch (IOException e) {
            throw problem(file, ": cannot be read (" + FileTrouble.of(e) + "); check that it may be read");
        }
    }

    private static PromptSource read(PromptSettings.Named file, SourceFormat format) throws IOException, BrokenFile {
        MessageDigest digest = ContentId.sha256();
        long modified = Files.getLastModifiedTime(file.path()).toMillis();
        long bytes = Files.size(file.path());
        try (InputStream in = new DigestInputStream(Files.newInputStream(file.path()), digest)) {
            long rows = format.count(in);
            if (rows == 0) {
                throw new BrokenFile(": empty; it holds no prompt");
            }
            String sha256 = HexFormat.of().formatHex(digest.digest());
            return new PromptSource(file.name(), file.path(), sha256, bytes, rows, rows, modified);
        }
    }

    private static BrokenFile problem(PromptSettings.Named file, String what) {
        return new BrokenFile(file.name() + what);
    }
}
