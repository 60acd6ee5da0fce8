package dev.precept.cli.command;

import dev.precept.config.ConfigurationException;
import dev.precept.config.FileErrors;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.InvalidDocumentException;
import dev.precept.dataset.Layout;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.ReleasedVersion;
import dev.precept.dataset.read.Pull;
import dev.precept.dataset.read.VersionReader;
import dev.precept.dataset.view.RowKind;
import dev.precept.dataset.view.View;
import dev.precept.prompts.format.SourceFormat;
import dev.precept.prompts.row.ColumnChoice;
import dev.precept.prompts.row.Columns;
import dev.precept.prompts.row.Row;
import dev.precept.prompts.row.Rows;
import dev.precept.prompts.row.SourceFormatException;
import dev.precept.prompts.row.UnusableRowException;
import dev.precept.text.contamination.ContaminationDetector;
import dev.precept.text.contamination.ContaminationMatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

/** Reads the rows of a version, of a pulled folder or of a file, one at a time, and finds questions of evaluation sets. */
final class ContaminationScan {
    private final List<ContaminationDetector> detectors;
    private final Consumer<ContaminatedRow> found;
    /** Prompts of contaminated samples, which other views repeat. */
    private final Set<String> reported = new HashSet<>();

    private final List<String> unread = new ArrayList<>();
    private long rows;
    private long contaminated;

    ContaminationScan(List<ContaminationDetector> detectors, Consumer<ContaminatedRow> found) {
        this.detectors = List.copyOf(detectors);
        this.found = found;
    }

    /** Opens the rows of one split of a view. */
    private interface Opening {
        VersionReader open(VersionReader.Query query);
    }

    /** Rows read. */
    long rows() {
        return rows;
    }

    /** Rows with at least one question. */
    long contaminated() {
        return contaminated;
    }

    /** Views, and splits of views, of a pulled folder that are not in it. */
    List<String> unread() {
        return unread;
    }

    /** The rows of a version: of one view of each kind, since the others repeat its texts. */
    void version(Dataset dataset, String name) throws IOException, Pull.CorruptFileException {
        ReleasedVersion version = ReleasedVersion.resolve(dataset, name);
        views(
                version.manifest(),
                (_, _) -> true,
                query -> VersionReader.openVersion(dataset, version.name(), query, Optional.empty()));
    }

    /** The rows of a pulled folder, or of a file of rows. */
    void path(Path path) throws IOException, Pull.CorruptFileException {
        if (!Files.isDirectory(path)) {
            file(path);
            return;
        }
        Manifest manifest;
        try {
            manifest = Manifest.read(Files.readAllBytes(path.resolve(Layout.MANIFEST)));
        } catch (InvalidDocumentException | NoSuchFileException e) {
            throw new ConfigurationException(
                    "--in " + path + ": holds no version; name a folder that 'precept pull' wrote, or a file of rows");
        }
        BiPredicate<View, String> isHere =
                (view, split) -> Files.isDirectory(path.resolve(view.label()).resolve(split));
        if (manifest.views().keySet().stream()
                .noneMatch(view -> splits(manifest, view).stream().anyMatch(split -> isHere.test(view, split)))) {
            throw new ConfigurationException("--in " + path + ": holds no view of " + manifest.version()
                    + "; 'precept pull DATASET@" + manifest.version() + " --view all --to " + path + "' adds them");
        }
        views(manifest, isHere, query -> VersionReader.openFolder(path, query, Optional.empty()));
    }

    private static List<String> splits(Manifest manifest, View view) {
        return manifest.views().getOrDefault(view, List.of()).stream()
                .map(shard -> shard.split().label())
                .distinct()
                .toList();
    }

    private void views(Manifest manifest, BiPredicate<View, String> isHere, Opening opening)
            throws IOException, Pull.CorruptFileException {
        for (View view : oneOfEachKind(manifest, isHere)) {
            for (String split : splits(manifest, view)) {
                if (!isHere.test(view, split)) {
                    unread.add(view.label() + " (" + split + ")");
                    continue;
                }
                try (VersionReader reader = opening.open(new VersionReader.Query(view.label(), split, 0, 1))) {
                    for (VersionReader.Row row = reader.next(); row != null; row = reader.next()) {
                        check(view, RowTexts.of(row.columns()));
                    }
                }
            }
        }
    }

    /** Of views of one kind the first that has all its splits here, else the one with most of them. */
    private static List<View> oneOfEachKind(Manifest manifest, BiPredicate<View, String> isHere) {
        List<View> views = new ArrayList<>();
        for (RowKind kind : List.of(RowKind.SAMPLE, RowKind.PAIR, RowKind.PROMPT)) {
            manifest.views().keySet().stream()
                    .filter(view -> view.rowKind() == kind)
                    .min(Comparator.comparingLong(view -> splits(manifest, view).stream()
                            .filter(split -> !isHere.test(view, split))
                            .count()))
                    .ifPresent(views::add);
        }
        return views;
    }

    private void file(Path file) throws IOException {
        String name = file.toString();
        ColumnChoice all = new ColumnChoice() {
            @Override
            public void require(Columns columns) {
                // A row without a known text is counted, and holds nothing.
            }

            @Override
            public boolean isOwn(String column) {
                return false;
            }

            @Override
            public boolean isAlias(String column) {
                return true;
            }
        };
        if (!Files.isRegularFile(file)) {
            throw new ConfigurationException("--in " + name + ": no such file or folder");
        }
        SourceFormat format = SourceFormat.ofTexts(name)
                .orElseThrow(() -> new ConfigurationException(
                        "--in " + name + ": unknown extension; known are " + SourceFormat.KNOWN_TEXTS));
        try (Rows read = format.detect(file, all).open(file, all)) {
            for (Row row = read.next(); row != null; row = read.next()) {
                try {
                    check("", false, RowTexts.of(row.fields(), name + ":" + row.location()));
                } catch (UnusableRowException e) {
                    throw new ConfigurationException(name + ":" + row.location() + ": " + e.detail());
                }
            }
        } catch (SourceFormatException e) {
            throw new ConfigurationException(name + e.what());
        } catch (IOException e) {
            throw new ConfigurationException("--in " + name + ": cannot be read (" + FileErrors.describe(e) + ")");
        }
    }

    /** A pair repeats a sample but for its rejected side, and the view of prompts repeats the prompts of samples. */
    private void check(View view, RowTexts row) {
        switch (view.rowKind()) {
            case SAMPLE -> {
                if (check(view.label(), true, row)) {
                    reported.add(row.promptId());
                }
            }
            case PAIR -> {
                Map<String, List<String>> rejected = new LinkedHashMap<>(row.completions());
                rejected.keySet().retainAll(Set.of("rejected"));
                check(view.label(), false, new RowTexts(row.id(), row.promptId(), List.of(), rejected));
            }
            case PROMPT -> {
                if (reported.contains(row.promptId())) {
                    rows++;
                } else {
                    check(view.label(), false, row);
                }
            }
        }
    }

    private boolean check(String view, boolean isSample, RowTexts row) {
        rows++;
        boolean hit = false;
        for (ContaminationDetector detector : detectors) {
            hit |= report(view, isSample, row.id(), "prompt", detector.find(row.prompt()));
            for (Map.Entry<String, List<String>> part : row.completions().entrySet()) {
                hit |= report(view, isSample, row.id(), part.getKey(), detector.find(part.getValue()));
            }
        }
        contaminated += hit ? 1 : 0;
        return hit;
    }

    private boolean report(String view, boolean isSample, String id, String part, Optional<ContaminationMatch> match) {
        match.ifPresent(each -> found.accept(new ContaminatedRow(view, id, isSample, part, each)));
        return match.isPresent();
    }
}
