package dev.precept.cli.run;

import dev.precept.config.ConfigurationException;
import dev.precept.dataset.Dataset;
import dev.precept.runtime.ShellWord;
import dev.precept.runtime.WorkFolder;
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
                run.closed().ifPresent(closed -> {
                    throw new ConfigurationException("run " + run.runId() + ": was closed with 'precept cancel' on "
                            + closed + " and cannot be resumed; give another name");
                });
                Identity.requireSame(
                        Identity.read(run.identity().toString()),
                        identity,
                        "dataset " + dataset.location() + ", run " + run.runId());
                return adopt(run, work);
            });
        }
        List<Dataset.RunEntry> same = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (Dataset.RunEntry run : RunLocation.open(dataset)) {
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

    /**
     * Requires that no other run was registered between {@link #find} and the registration of a new run: it waited for its
     * models and its broker meanwhile.
     *
     * @throws ConfigurationException if one was; no call is made then
     */
    static void requireNoneSince(Dataset dataset, Optional<String> name, Map<String, String> identity, String runId) {
        if (name.isPresent() || dataset.run(runId).isPresent()) {
            return;
        }
        List<String> others = new ArrayList<>();
        for (Dataset.RunEntry run : RunLocation.open(dataset)) {
            List<String> differing =
                    Identity.differing(Identity.read(run.identity().toString()), identity);
            others.add(
                    differing.isEmpty()
                            ? "dataset " + dataset.location() + ": run " + run.runId()
                                    + " of this recipe was started meanwhile; wait for it, or stop it"
                            : otherIsOpen(dataset, run, differing));
        }
        if (!others.isEmpty()) {
            throw new ConfigurationException(others);
        }
    }

    private static String otherIsOpen(Dataset dataset, Dataset.RunEntry run, List<String> differing) {
        String folder = RunLocation.folderHere(run)
                .filter(at -> RunLocation.holds(at, run.runId()))
                .map(at -> " --work " + ShellWord.of(at.root().toString()))
                .orElse("");
        return "dataset " + dataset.location() + ": run " + run.runId() + " of another recipe is open ("
                + String.join("; ", differing) + "); end it: '" + cancel(dataset, run.runId())
                + "', resume it with its own recipe: 'precept run" + (folder.isEmpty() ? " RECIPE.yaml" : folder)
                + "', or start this one beside it: --set run=NAME";
    }

    /** The command that ends a run of a dataset, wherever its work folder is. */
    static String cancel(Dataset dataset, String runId) {
        return "precept cancel --dataset " + ShellWord.of(dataset.location()) + " --run " + runId;
    }

    private static OpenRun adopt(Dataset.RunEntry run, WorkFolder work) {
        Optional<WorkFolder> here = RunLocation.folderHere(run);
        if (here.isPresent() && !here.get().root().equals(work.root()) && RunLocation.holds(here.get(), run.runId())) {
            throw new ConfigurationException("run " + run.runId() + ": its work folder is "
                    + here.get().root()
                    + (here.get().isInUse()
                            ? ", in use by another process; wait for it, or stop it"
                            : "; give --work " + here.get().root()));
        }
        return new OpenRun(run.runId(), here.isPresent());
    }
}
