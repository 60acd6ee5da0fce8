package dev.precept.cli.run;

import dev.precept.config.ConfigurationException;
import dev.precept.dataset.Dataset;
import dev.precept.runtime.RunFile;
import dev.precept.runtime.WorkFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An open run of a dataset that a recipe continues although its work folder holds no run: it was deleted, or another one is
 * named.
 *
 * @param folderIsGone whether its work folder was on this machine and no longer holds it, so that nothing else works on it
 */
record OpenRun(String runId, boolean folderIsGone) {
    /**
     * Finds the run that a recipe continues.
     *
     * @param name of the run in the recipe; without one, the only open run with the same identity is taken
     * @param work the folder that the run is to have now
     * @return empty if the recipe starts a new run
     * @throws ConfigurationException if the run has another identity, is under way, or its folder exists elsewhere; without a
     *     name also if another run is open
     */
    static Optional<OpenRun> find(
            Dataset dataset, Optional<String> name, Map<String, String> identity, WorkFolder work) {
        if (name.isPresent()) {
            return dataset.run(name.get()).map(run -> {
                Identity.requireSame(
                        Identity.read(run.identity().toString()),
                        identity,
                        "dataset " + dataset.location() + ", run " + run.runId());
                return adopt(run, work);
            });
        }
        List<Dataset.RunEntry> same = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (Dataset.RunEntry run : open(dataset)) {
            List<String> differing =
                    Identity.differing(Identity.read(run.identity().toString()), identity);
            if (differing.isEmpty()) {
                same.add(run);
            } else {
                others.add(otherIsOpen(dataset, run, differing));
            }
        }
        if (same.size() > 1) {
            throw new ConfigurationException("dataset " + dataset.location()
                    + ": several runs of this recipe are open: "
                    + String.join(
                            ", ", same.stream().map(Dataset.RunEntry::runId).toList())
                    + "; name the one to resume with --set run=NAME");
        }
        if (same.isEmpty() && !others.isEmpty()) {
            throw new ConfigurationException(others);
        }
        return same.stream().findFirst().map(run -> adopt(run, work));
    }

    /** The name of a work folder in the dataset. */
    static String place(WorkFolder work) {
        return machine() + ":" + work.root();
    }

    private static List<Dataset.RunEntry> open(Dataset dataset) {
        try {
            List<String> open = dataset.openRuns();
            return dataset.runs().stream()
                    .filter(run -> open.contains(run.runId()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the chains of " + dataset.location(), e);
        }
    }

    private static String otherIsOpen(Dataset dataset, Dataset.RunEntry run, List<String> differing) {
        String folder = folderHere(run)
                .filter(at -> holds(at, run.runId()))
                .map(at -> " --work " + at.root())
                .orElse("");
        return "dataset " + dataset.location() + ": run " + run.runId() + " of another recipe is open ("
                + String.join("; ", differing) + "); resume it with its own options: 'precept run" + folder
                + "', end it: 'precept cancel" + folder + "'"
                + (folder.isEmpty() ? " once it is resumed" : "")
                + ", or start this one beside it: --set run=NAME";
    }

    private static OpenRun adopt(Dataset.RunEntry run, WorkFolder work) {
        Optional<WorkFolder> here = folderHere(run);
        if (here.isPresent() && !here.get().root().equals(work.root()) && holds(here.get(), run.runId())) {
            throw new ConfigurationException("run " + run.runId() + ": its work folder is "
                    + here.get().root()
                    + (here.get().isInUse()
                            ? ", in use by another process; wait for it, or stop it"
                            : "; give --work " + here.get().root()));
        }
        return new OpenRun(run.runId(), here.isPresent());
    }

    private static boolean holds(WorkFolder folder, String runId) {
        return RunFile.read(folder).filter(run -> run.runId().equals(runId)).isPresent();
    }

    /** The work folder that registered the run, if it was on this machine. */
    private static Optional<WorkFolder> folderHere(Dataset.RunEntry run) {
        String here = machine() + ":";
        return run.workFolder()
                .filter(place -> place.startsWith(here))
                .map(place -> new WorkFolder(Path.of(place.substring(here.length()))));
    }

    private static String machine() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown"; // two unnamed machines see each other's paths as their own, and look there
        }
    }
}
