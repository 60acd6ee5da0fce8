package dev.precept.spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a specification from a folder: all its {@code *.md} files, and {@code spec.yaml}, which says what belongs to which
 * category. Files in folders below are not read.
 */
public final class SpecFolder {
    private static final String INDEX = "spec.yaml";
    private static final int LARGEST_FOLDER_BYTES = 8 << 20;
    // A bundle travels as one record of at most 4 MiB; the rest is room for what goes around it.
    private static final int LARGEST_BUNDLE_BYTES = 7 << 19;

    private final Path folder;
    private final List<String> problems = new ArrayList<>();
    private final Map<String, Clause> clauses = new LinkedHashMap<>();
    private final Map<String, String> places = new LinkedHashMap<>();

    private SpecFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * Reads a folder.
     *
     * @throws SpecException with all problems found, each with the file, the line where there is one, and what to do
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
        SpecFiles files = new SpecFiles(folder, LARGEST_FOLDER_BYTES, problems);
        List<Path> markdown;
        try {
            markdown = files.markdown();
        } catch (IOException e) {
            problems.add(folder + ": cannot be listed (" + e.getClass().getSimpleName() + "); check its permissions");
            throw new SpecException(problems);
        }
        Index index = read(files, markdown);
        if (!problems.isEmpty()) {
            throw new SpecException(problems);
        }
        return notTooLarge(new Specification(index, clauses.values()));
    }

    private Index read(SpecFiles files, List<Path> markdown) {
        Path indexFile = folder.resolve(INDEX);
        boolean indexed = Files.isRegularFile(indexFile);
        if (markdown.isEmpty()) {
            problems.add(folder + ": there is "
                    + (indexed ? "no Markdown file" : "neither a Markdown file nor " + INDEX)
                    + " in it; write the clauses to a file whose name ends in .md" + (indexed ? "" : ", and " + INDEX));
        } else if (!indexed) {
            problems.add(indexFile + ": does not exist; write it, with the keys name, principles and categories");
        }
        IndexReader reader = new IndexReader(indexFile, problems);
        Index index = new Index("", List.of(), List.of());
        if (indexed) {
            index = files.text(indexFile).map(reader::read).orElse(index);
        }
        markdown.forEach(file -> files.text(file).ifPresent(text -> collect(file, text)));
        // What is in a file that could not be read is not missing.
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
            String place = file + ":" + locatedClause.line();
            String first = places.putIfAbsent(clause.id(), place);
            if (first == null) {
                clauses.put(clause.id(), clause);
            } else {
                problems.add(place + ": clause id '" + clause.id() + "' is already at " + first
                        + "; give one of them another id");
            }
        }
    }

    private void check(Path indexFile, IndexReader.Reference reference) {
        if (!clauses.containsKey(reference.id())) {
            problems.add(indexFile + ":" + reference.line() + ": clause '" + reference.id() + "' of "
                    + reference.owner() + " is in no Markdown file; end its heading in {#" + reference.id()
                    + "}, or take it out here");
        }
    }

    private Specification notTooLarge(Specification specification) {
        int bytes = specification.compile().length;
        if (bytes > LARGEST_BUNDLE_BYTES) {
            problems.add(folder + ": compiled it is " + bytes + " bytes, and at most " + LARGEST_BUNDLE_BYTES
                    + " can be sent; shorten its clauses, or nest them less deeply (a clause repeats those below it)");
            throw new SpecException(problems);
        }
        return specification;
    }
}
