package dev.precept.prompts;

import dev.precept.config.ConfigurationException;
import dev.precept.config.FileErrors;
import dev.precept.content.Sha256;
import dev.precept.prompts.evaluation.EvaluationSets;
import dev.precept.prompts.format.SourceFormat;
import dev.precept.prompts.row.Row;
import dev.precept.prompts.row.SourceFormatException;
import dev.precept.prompts.source.LocalFiles;
import dev.precept.prompts.source.NamedFile;
import dev.precept.records.RunParameters;
import dev.precept.runtime.WorkFolder;
import dev.precept.spec.Specification;
import dev.precept.text.contamination.ContaminationDetector;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Checks the files of a run before its first record: reads each once to its end and hashes it, in constant memory. */
public final class SourceFiles {
    private SourceFiles() {}

    /**
     * Checks that every file exists, is readable, has its format and at least one row, and that enough of the selected rows
     * are prompts.
     *
     * @param work holds the copies of objects; a copy is reused until its object changes
     * @return the sources in the order of the settings, without those beyond the limit
     * @throws ConfigurationException with all problems of all files
     * @throws java.io.UncheckedIOException if a bucket cannot be reached
     */
    public static CheckedInput check(
            PromptSettings settings, WorkFolder work, Specification specification, RunParameters runParameters) {
        EvaluationSets sets = EvaluationSets.read(settings.contamination(), work);
        InputCheck check =
                new InputCheck(settings, specification, runParameters, new ContaminationDetector(sets.index()));
        List<PromptSource> sources = read(settings, work, check::file);
        for (PromptSource source : sources) {
            if (!source.format().note().isEmpty()) {
                check.note(source.name() + ": " + source.format().note());
            }
        }
        return new CheckedInput(sources, check.report(), sets);
    }

    /**
     * The files of the settings that are on this disk, neither read to their end nor hashed. A process that shares no folder
     * with the prompts finds none.
     */
    public static List<PromptSource> atHand(PromptSettings settings) throws IOException {
        List<PromptSource> sources = new ArrayList<>();
        for (NamedFile file : settings.files()) {
            Optional<SourceFormat> format = SourceFormat.of(file.name());
            if (file instanceof NamedFile.OnDisk(String name, Path path)
                    && format.isPresent()
                    && Files.isRegularFile(path)) {
                SourceFormat detected = format.get().detect(path, settings.fields());
                sources.add(new PromptSource(name, path, detected, "", 0, Long.MAX_VALUE, Long.MAX_VALUE, 0));
            }
        }
        return sources;
    }

    /** As {@link #check}, without a look at the rows, which are given to the consumer of their file. */
    static List<PromptSource> read(PromptSettings settings, WorkFolder work, Function<String, Consumer<Row>> rows) {
        LocalFiles local = new LocalFiles(work);
        List<PromptSource> sources = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        long left = settings.limit() == null ? Long.MAX_VALUE : settings.limit();
        for (NamedFile file : settings.files()) {
            try {
                PromptSource source = inspect(file, settings, local, selected(rows.apply(file.name()), left));
                sources.add(source);
                left -= Math.min(left, source.rows());
            } catch (SourceFormatException e) {
                problems.add(e.what());
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
        return within(settings.limit(), sources);
    }

    /** Gives only the first rows on. */
    private static Consumer<Row> selected(Consumer<Row> rows, long count) {
        long[] given = new long[1];
        return row -> {
            if (given[0] < count) {
                given[0]++;
                rows.accept(row);
            }
        };
    }

    private static List<PromptSource> within(@Nullable Long limit, List<PromptSource> sources) {
        if (limit == null) {
            return List.copyOf(sources);
        }
        List<PromptSource> within = new ArrayList<>();
        long left = limit;
        for (PromptSource source : sources) {
            long selected = Math.min(left, source.rows());
            left -= selected;
            if (selected > 0) {
                within.add(source.withSelectedRows(selected));
            }
        }
        return List.copyOf(within);
    }

    /**
     * The part of a run's identity that the input determines: the hash of each file, the names of fields and categories, the
     * limit, what a model is told with the prompts that have no category, if there are any, and the evaluation sets.
     */
    public static Map<String, String> identity(CheckedInput input, PromptSettings settings) {
        Map<String, String> identity = identity(input.sources(), settings);
        identity.putAll(input.evaluationSets().identity());
        if (input.report().unlabelled() > 0) {
            identity.put("prompts.unlabelled", input.report().treatment().name().toLowerCase(Locale.ROOT));
        }
        return identity;
    }

    static Map<String, String> identity(List<PromptSource> sources, PromptSettings settings) {
        Map<String, String> identity = new LinkedHashMap<>();
        sources.forEach(source -> identity.put("prompts.files " + source.name(), source.sha256()));
        identity.put("prompts.fields", new TreeMap<>(settings.fields().columns()).toString());
        if (!settings.categoryMap().isEmpty()) {
            identity.put("prompts.category_map", new TreeMap<>(settings.categoryMap()).toString());
        }
        if (settings.limit() != null) {
            identity.put("prompts.limit", String.valueOf(settings.limit()));
        }
        return identity;
    }

    private static PromptSource inspect(NamedFile file, PromptSettings settings, LocalFiles local, Consumer<Row> rows)
            throws SourceFormatException {
        LocalFiles.LocalFile found = local.find(file, SourceFormat.of(file.name()), SourceFormat.KNOWN);
        try {
            return read(
                    file.name(), found.path(), found.format().detect(found.path(), settings.fields()), settings, rows);
        } catch (SourceFormatException e) {
            throw problem(file, e.what());
        } catch (IOException e) {
            throw problem(file, ": cannot be read (" + FileErrors.describe(e) + "); check its permissions");
        }
    }

    private static PromptSource read(
            String name, Path file, SourceFormat format, PromptSettings settings, Consumer<Row> each)
            throws IOException {
        MessageDigest digest = Sha256.newDigest();
        long modified = Files.getLastModifiedTime(file).toMillis();
        long bytes = Files.size(file);
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            long rows = format.read(file, in, settings.fields(), each);
            if (rows == 0) {
                throw new SourceFormatException(": empty; it has no prompt");
            }
            in.transferTo(OutputStream.nullOutputStream()); // not every reader reads to the last byte
            String sha256 = Sha256.hex(digest);
            return new PromptSource(name, file, format, sha256, bytes, rows, rows, modified);
        }
    }

    private static SourceFormatException problem(NamedFile file, String what) {
        return new SourceFormatException(file.name() + what);
    }
}
