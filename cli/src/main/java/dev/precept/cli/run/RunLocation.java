package dev.precept.cli.run;

import dev.precept.config.ConfigurationException;
import dev.precept.dataset.Dataset;
import dev.precept.runs.WorkFolderRun;
import dev.precept.runtime.RunFile;
import dev.precept.runtime.WorkFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where a run of a dataset can be controlled. */
public sealed interface RunLocation {
    /** In a work folder on this machine. */
    record InFolder(WorkFolderRun run) implements RunLocation {}

    /**
     * Nowhere that is known here.
     *
     * @param isGone whether its work folder was on this machine, so that its Kafka and its processes are gone with it
     * @param why how to reach it
     */
    record Unreachable(Dataset dataset, Dataset.RunEntry run, boolean isGone, String why) implements RunLocation {
        /** Names the run, and says how to reach it or how to go on. */
        public String message() {
            return "run " + run.runId() + ": " + remedy();
        }

        String remedy() {
            return why
                    + (isGone
                            ? "; resume it with 'precept run' and its recipe, or end it: '"
                                    + OpenRun.cancel(dataset, run.runId()) + "'"
                            : "");
        }
    }

    /**
     * Finds the run of a dataset that a command is about.
     *
     * @param name of the run; if empty, the only open run is taken, or the only run if none is open
     * @throws ConfigurationException if there is no such run, or, without a name, not exactly one
     */
    static RunLocation find(Dataset dataset, Optional<String> name) {
        Dataset.RunEntry run = choose(dataset, name);
        if (run.closed().isPresent()) { // whatever its work folder says
            return new Unreachable(
                    dataset, run, false, "it was closed on " + run.closed().get() + ", unfinished");
        }
        Optional<WorkFolder> folder = Stream.concat(
                        folderOf(run).stream(), Stream.of(new WorkFolder(Path.of("work")))) // it may have been moved
                .filter(each -> holds(each, run.runId()))
                .findFirst();
        return folder.<RunLocation>map(each -> new InFolder(WorkFolderRun.open(each.root())))
                .orElseGet(() -> unreachable(dataset, run));
    }

    private static Dataset.RunEntry choose(Dataset dataset, Optional<String> name) {
        List<Dataset.RunEntry> runs = dataset.runs();
        if (name.isPresent()) {
            return runs.stream()
                    .filter(run -> run.runId().equals(name.get()))
                    .findFirst()
                    .orElseThrow(() -> new ConfigurationException("--run " + name.get() + ": dataset "
                            + dataset.location() + " has no such run; its runs are " + ids(runs)));
        }
        List<Dataset.RunEntry> open = open(dataset);
        if (open.size() == 1 || (open.isEmpty() && runs.size() == 1)) {
            return open.isEmpty() ? runs.getFirst() : open.getFirst();
        }
        throw new ConfigurationException("--run: missing, and dataset " + dataset.location() + " has "
                + (open.isEmpty() ? "no open run" : "several open runs: " + ids(open))
                + (runs.isEmpty() ? "" : "; give --run NAME" + (open.isEmpty() ? ", one of " + ids(runs) : "")));
    }

    private static String ids(List<Dataset.RunEntry> runs) {
        return runs.isEmpty()
                ? "none"
                : String.join(", ", runs.stream().map(Dataset.RunEntry::runId).toList());
    }

    private static RunLocation unreachable(Dataset dataset, Dataset.RunEntry run) {
        Optional<String> place = run.workFolder();
        boolean isGone = folderOf(run).isPresent() && isHere(run);
        String why = place.isEmpty()
                ? "its roles run alone; give --recipe FILE with its Kafka"
                : isGone
                        ? "its work folder " + folderOf(run).orElseThrow().root() + " is gone"
                        : "its work folder is " + place.get() + ", on another machine; give the command there";
        return new Unreachable(dataset, run, isGone, why);
    }

    /** The runs that are open, by id. */
    static List<Dataset.RunEntry> open(Dataset dataset) {
        try {
            List<String> open = dataset.openRuns();
            return dataset.runs().stream()
                    .filter(run -> open.contains(run.runId()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the chains of " + dataset.location(), e);
        }
    }

    /** The name of a work folder in the dataset. */
    static String place(WorkFolder work) {
        return machine() + ":" + work.root();
    }

    static boolean holds(WorkFolder folder, String runId) {
        return RunFile.read(folder).filter(run -> run.runId().equals(runId)).isPresent();
    }

    /** The work folder that registered the run, if it was on this machine. */
    static Optional<WorkFolder> folderHere(Dataset.RunEntry run) {
        return folderOf(run).filter(_ -> isHere(run));
    }

    private static boolean isHere(Dataset.RunEntry run) {
        return run.workFolder()
                .filter(place -> place.startsWith(machine() + ":"))
                .isPresent();
    }

    /** The path of the work folder, on whichever machine: a volume may be mounted on several. */
    private static Optional<WorkFolder> folderOf(Dataset.RunEntry run) {
        return run.workFolder()
                .filter(place -> place.indexOf(':') >= 0)
                .map(place -> new WorkFolder(Path.of(place.substring(place.indexOf(':') + 1))));
    }

    private static String machine() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown"; // two unnamed machines see each other's paths as their own, and look there
        }
    }
}
