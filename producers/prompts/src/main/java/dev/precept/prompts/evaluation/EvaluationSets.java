package dev.precept.prompts.evaluation;

import dev.precept.config.ConfigurationException;
import dev.precept.config.FileErrors;
import dev.precept.content.Sha256;
import dev.precept.prompts.format.SourceFormat;
import dev.precept.prompts.row.Row;
import dev.precept.prompts.row.SourceFormatException;
import dev.precept.prompts.row.UnusableRowException;
import dev.precept.prompts.source.LocalFiles;
import dev.precept.runtime.WorkFolder;
import dev.precept.text.contamination.EvaluationCompiler;
import dev.precept.text.contamination.EvaluationIndex;
import dev.precept.text.contamination.EvaluationItem;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Evaluation sets, read and compiled.
 *
 * @param index the compiled sets
 * @param sha256 hash of the compiled sets, by which they are stored; empty without sets
 * @param counts what became of the questions, by set
 * @param notes rows that could not be read, one line for each file
 * @param identity the part of a run's identity that the sets determine
 */
public record EvaluationSets(
        EvaluationIndex index,
        String sha256,
        Map<String, EvaluationCompiler.SetCounts> counts,
        List<String> notes,
        Map<String, String> identity) {
    /** The key of a set in the identity of a run, before the name of its file. */
    public static final String SET_KEY = "contamination.sets ";

    /** The key of the compiled sets in the identity of a run. */
    public static final String COMPILED_KEY = "contamination.compiled";

    /** Without sets. */
    public static final EvaluationSets NONE =
            new EvaluationSets(EvaluationIndex.empty(), "", Map.of(), List.of(), Map.of());

    private static final EvaluationCompiler.SetCounts NO_COUNTS = new EvaluationCompiler.SetCounts(0, 0, 0, 0);

    /** Above this share of rows without a question, a file is not the set that is meant. */
    private static final double MOST_WITHOUT = 0.5;

    /**
     * Reads and compiles the sets of a recipe.
     *
     * @param work holds the copies of objects
     * @throws ConfigurationException with the problems of all files
     * @throws java.io.UncheckedIOException if a bucket cannot be reached
     */
    public static EvaluationSets read(ContaminationSettings settings, WorkFolder work) {
        if (settings.sets().isEmpty()) {
            return NONE;
        }
        LocalFiles local = new LocalFiles(work);
        EvaluationCompiler compiler = new EvaluationCompiler(settings.method());
        Map<String, String> identity = new LinkedHashMap<>();
        List<String> notes = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (SetFile set : settings.sets()) {
            try {
                String columns = set.columns().isEmpty() ? "" : " " + set.columns();
                identity.put(SET_KEY + set.file().name(), read(set, local, compiler, notes) + columns);
            } catch (SourceFormatException e) {
                problems.add("evaluation set " + e.what());
            } catch (IOException e) {
                problems.add("evaluation set " + set.file().name() + ": cannot be read (" + FileErrors.describe(e)
                        + "); check its permissions");
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
        EvaluationIndex index = compiler.compile();
        String sha256 = Sha256.hex(index.toBytes());
        identity.put("contamination.method", settings.method().label());
        identity.put(COMPILED_KEY, sha256);
        return new EvaluationSets(index, sha256, compiler.counts(), notes, identity);
    }

    /** How many questions the sets have and which of them are compared: a headline, then one line for each set. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        EvaluationCompiler.SetCounts all = counts.values().stream()
                .reduce(EvaluationCompiler.SetCounts::plus)
                .orElse(NO_COUNTS);
        lines.add(String.format(
                Locale.ROOT,
                "%s, %s to compare with by %s",
                counts.size() == 1 ? "1 set" : counts.size() + " sets",
                questions(all.compared()),
                index.method().label()));
        counts.forEach((set, each) -> lines.add(set + ": " + describe(each)));
        lines.addAll(notes);
        return lines;
    }

    private static String questions(long count) {
        return String.format(Locale.ROOT, count == 1 ? "%,d question" : "%,d questions", count);
    }

    private static String describe(EvaluationCompiler.SetCounts counts) {
        return questions(counts.questions())
                + (counts.repeated() == 0 ? "" : String.format(Locale.ROOT, ", %,d repeated", counts.repeated()))
                + (counts.tooShort() == 0
                        ? ""
                        : String.format(Locale.ROOT, ", %,d too short and not compared", counts.tooShort()));
    }

    /** The questions of one file; not thread-safe. */
    private static final class Questions {
        private final QuestionColumns columns;
        private final QuestionReader reader;
        private final EvaluationCompiler compiler;
        private long items;
        private long without;
        private String first = "";
        private String advice = "";

        Questions(SetFile set, QuestionColumns columns, EvaluationCompiler compiler) {
            this.columns = columns;
            this.reader = new QuestionReader(set.name(), set.columns());
            this.compiler = compiler;
        }

        void add(Row row) {
            try {
                List<EvaluationItem> found = reader.read(row);
                found.forEach(compiler::add);
                items += found.size();
                if (found.isEmpty()) {
                    without(row, columns.missing(row.fields()), QuestionColumns.NAME_IT);
                }
            } catch (UnusableRowException e) {
                without(row, e.detail(), "write the file as UTF-8 text in the format of its extension");
            }
        }

        private void without(Row row, String why, String whatToDo) {
            if (without++ == 0) {
                first = ":" + row.location() + ": " + why;
                advice = whatToDo;
            }
        }
    }

    /** Returns the hash of the file. */
    private static String read(SetFile set, LocalFiles local, EvaluationCompiler compiler, List<String> notes)
            throws IOException {
        String name = set.file().name();
        LocalFiles.LocalFile file = local.find(set.file(), SourceFormat.ofTexts(name), SourceFormat.KNOWN_TEXTS);
        QuestionColumns columns = new QuestionColumns(set.columns());
        Questions questions = new Questions(set, columns, compiler);
        long tooShort = tooShort(compiler);
        MessageDigest digest = Sha256.newDigest();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file.path()), digest)) {
            SourceFormat format = file.format().detect(file.path(), columns);
            long rows = format.read(file.path(), in, columns, questions::add);
            if (rows == 0) {
                throw new SourceFormatException(": empty; it has no question: name another file, or remove the set");
            }
            if (questions.without > MOST_WITHOUT * rows) {
                throw new SourceFormatException(String.format(
                        Locale.ROOT,
                        "%s; so are %,d of %,d rows: %s",
                        questions.first,
                        questions.without,
                        rows,
                        questions.advice));
            }
            if (tooShort(compiler) - tooShort == questions.items) {
                throw new SourceFormatException(String.format(
                        Locale.ROOT,
                        ": all of its questions (%,d) have fewer than %d words, so that none can be compared; name"
                                + " another column, or remove the set",
                        questions.items,
                        EvaluationCompiler.LEAST_WHOLE));
            }
            if (questions.without > 0) {
                notes.add(String.format(
                        Locale.ROOT,
                        "%s: %,d of %,d rows without a question; the first is %s%s",
                        set.name(),
                        questions.without,
                        rows,
                        name,
                        questions.first));
            }
            in.transferTo(OutputStream.nullOutputStream()); // not every reader reads to the last byte
            return Sha256.hex(digest);
        } catch (SourceFormatException e) {
            throw new SourceFormatException(name + e.what());
        }
    }

    private static long tooShort(EvaluationCompiler compiler) {
        return compiler.counts().values().stream()
                .mapToLong(EvaluationCompiler.SetCounts::tooShort)
                .sum();
    }
}
