package dev.precept.spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a specification from a folder: its {@code *.md} files with the clauses, and {@code spec.yaml}, which assigns them to
 * categories. Subfolders are ignored.
 */
public final class SpecFolder {
    private static final String INDEX = "spec.yaml";
    static final int MAX_FOLDER_BYTES = 8 << 20;
    // A bundle is one record of at most 4 MiB, including its envelope.
    private static final int MAX_BUNDLE_BYTES = 7 << 19;

    /** A problem begins with its file and, where known, its line. */
    private static final Pattern PLACE = Pattern.compile("(.*?):(?:([0-9]{1,9}):)? .*", Pattern.DOTALL);

    private static final Comparator<String> BY_PLACE = Comparator.comparing((String problem) -> place(problem, 1))
            .thenComparingInt(problem -> Integer.parseInt("0" + place(problem, 2)));

    private final Path folder;
    private final List<String> problems = new ArrayList<>();
    private final Map<String, Clause> clauses = new LinkedHashMap<>();
    private final Map<String, String> locations = new LinkedHashMap<>();

    private SpecFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * Reads a folder.
     *
     * @throws SpecException with all problems, each with file, line if known, and what to do
     */
    public static Specification load(Path folder) {
        return new SpecFolder(folder).load();
    }

    private Specification load() {
        if (!Files.isDirectory(folder)) {
            String what = Files.exists(folder) ? "is not a folder" : "does not exist";
            problems.add(folder + ": " + what + "; name a folder with " + INDEX + " and Markdown files");
            throw new SpecException(problems);
        }
        SpecFiles files = new SpecFiles(folder, MAX_FOLDER_BYTES, problems);
        List<Path> markdown;
        try {
            markdown = files.markdown();
        } catch (IOException e) {
            problems.add(folder + ": cannot be listed (" + e.getClass().getSimpleName() + "); check its permissions");
            throw new SpecException(problems);
        }
        Index index = read(files, markdown);
        if (!problems.isEmpty()) {
            problems.sort(BY_PLACE);
            throw new SpecException(problems);
        }
        return requireSize(new Specification(index, clauses.values()));
    }

    private Index read(SpecFiles files, List<Path> markdown) {
        Path indexFile = folder.resolve(INDEX);
        boolean indexed = Files.isRegularFile(indexFile);
        if (markdown.isEmpty()) {
            problems.add(folder + ": has " + (indexed ? "no Markdown file" : "neither a Markdown file nor " + INDEX)
                    + "; write the clauses to a file whose name ends in .md" + (indexed ? "" : ", and " + INDEX));
        } else if (!indexed) {
            problems.add(indexFile + ": does not exist; write it, with the keys name, principles and categories");
        }
        IndexReader reader = new IndexReader(indexFile, problems);
        Index index = new Index("", List.of(), List.of());
        if (indexed) {
            index = files.text(indexFile).map(reader::read).orElse(index);
        }
        markdown.forEach(file -> files.text(file).ifPresent(text -> collect(file, text)));
        // Clauses of an unreadable file are not missing.
        if (files.complete() && !markdown.isEmpty()) {
            reader.references().forEach(reference -> check(indexFile, reference));
        }
        return index;
    }

    private void collect(Path file, String text) {
        Markdown markdown = Markdown.parse(text);
        markdown.problems().forEach(problem -> problems.add(file + ":" + problem.line() + ": " + problem.what()));
        for (Markdown.LocatedClause locatedClause : markdown.clauses()) {
            Clause clause = locatedClause.clause();
            String location = file + ":" + locatedClause.line();
            String first = locations.putIfAbsent(clause.id(), location);
            if (first == null) {
                clauses.put(clause.id(), clause);
            } else {
                problems.add(location + ": clause id '" + clause.id() + "' is already at " + first
                        + "; give one of them another id");
            }
        }
    }

    private void check(Path indexFile, IndexReader.Reference reference) {
        if (!clauses.containsKey(reference.id())) {
            problems.add(indexFile + ":" + reference.line() + ": clause '" + reference.id() + "' of "
                    + reference.owner() + " is in no Markdown file; end its heading in {#" + reference.id()
                    + "}, or remove it here");
        }
    }

    private static String place(String problem, int group) {
        Matcher matcher = PLACE.matcher(problem);
        return matcher.matches() && matcher.group(group) != null ? matcher.group(group) : "";
    }

    private Specification requireSize(Specification specification) {
        int bytes = specification.compile().length;
        if (bytes > MAX_BUNDLE_BYTES) {
            problems.add(folder + ": the compiled specification has " + bytes + " bytes; at most " + MAX_BUNDLE_BYTES
                    + " are allowed; shorten its clauses, or nest them less deeply (a clause repeats nested ones)");
            throw new SpecException(problems);
        }
        return specification;
    }
}
