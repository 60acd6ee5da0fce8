package dev.precept.cli.run;

import dev.precept.cli.terminal.CommandName;
import dev.precept.dataset.Audit;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.Refs;
import dev.precept.dataset.plan.ReleaseClaim;
import dev.precept.dataset.release.LatestRef;
import dev.precept.dataset.release.Release;
import dev.precept.dataset.release.ReleaseSettings;
import dev.precept.dataset.release.ReleaseWork;
import dev.precept.dataset.removal.AbandonedRelease;
import dev.precept.records.Reason;
import dev.precept.runs.RunProgress;
import dev.precept.runtime.ExitCode;
import dev.precept.runtime.ShellWord;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The release at the end of a run, with what to do next. */
final class RunRelease {
    private final RunPlan plan;
    private final PrintStream out;

    RunRelease(RunPlan plan, PrintStream out) {
        this.plan = plan;
        this.out = out;
    }

    /** Releases a complete run, unless it was cancelled, and prints the result. */
    ExitCode release(RunProgress runProgress, ReleaseSettings release) throws IOException {
        if (runProgress.rejectedByReason().containsKey(Reason.CANCELLED.name())) {
            say("cancelled, not released; release the accepted samples with 'precept release " + dataset() + " --as "
                    + release.name() + "'");
            return ExitCode.NOT_RELEASED;
        }
        Release.Result result =
                plan.dataset().versions().has(release.name()) ? released(runProgress, release) : makeRelease(release);
        return switch (result) {
            case Release.Result.Released made -> {
                printLocations(ReleaseLines.of(plan.dataset().location(), release.name(), made));
                yield ExitCode.RELEASED;
            }
            case Release.Result.Refused(String why) -> {
                out.println("not released: " + why);
                yield ExitCode.NOT_RELEASED;
            }
            case Release.Result.GatesFailed(List<String> failures) -> {
                failures.forEach(failure -> out.println("not released: " + failure));
                say("the samples are in the dataset; once a limit is another one: 'precept release " + dataset()
                        + " --as " + release.name() + "', with --gate NAME=LIMIT");
                yield ExitCode.NOT_RELEASED;
            }
            case Release.Result.NoRows(long samples)
            when samples > 0 -> {
                say(ReleaseLines.noRows(samples));
                yield ExitCode.NOT_RELEASED;
            }
            case Release.Result.NoRows _ -> {
                say(
                        runProgress.isAllInvalid()
                                ? "not released: every input line was unusable; see 'precept show " + dataset()
                                        + " --rejected'"
                                : "not released: no sample was accepted; see 'precept show " + dataset()
                                        + " --rejected'");
                yield ExitCode.NOT_RELEASED;
            }
            case Release.Result.Incomplete(List<String> runs) -> {
                say("not released: the dataset has open runs: " + String.join(", ", runs)
                        + "; complete them with their own recipes, or end one: '"
                        + OpenRun.cancel(plan.dataset(), runs.getFirst()) + "'");
                yield ExitCode.WORK_LEFT;
            }
            case Release.Result.Abandoned(ReleaseClaim _, String why) -> {
                out.println("not released: the release was given up, because " + why + "; run again");
                yield ExitCode.WORK_LEFT;
            }
            case Release.Result.RangeStored _ -> throw new IllegalStateException("a run releases all ranges");
        };
    }

    /** What a run that is repeated finds released: its recipe may state another gate since. */
    void printReleased() throws IOException {
        applyNewGate();
        printLocations(List.of());
    }

    private void applyNewGate() throws IOException {
        if (GateLine.isNew(plan.dataset(), plan.recipe().refGate())) {
            applyGate(plan.recipe().release());
        }
    }

    private Release.Result released(RunProgress runProgress, ReleaseSettings release) throws IOException {
        applyNewGate();
        return new Release.Result.Released(
                runProgress.accepted(),
                plan.dataset().location(),
                latest(),
                Optional.empty(),
                plan.dataset().versions().manifest(release.name()).orElseThrow().removed());
    }

    private void applyGate(ReleaseSettings release) throws IOException {
        Map<String, String> details = new TreeMap<>(
                Map.of("version", release.name(), "run", plan.run().runId()));
        GateLine.addTo(details, plan.recipe().refGate());
        CommandAudit.record(plan.dataset(), Audit.Action.RELEASE, details);
        GateLine.apply(plan.dataset(), plan.recipe().refGate()).ifPresent(out::println);
    }

    private Release.Result makeRelease(ReleaseSettings release) throws IOException {
        out.println("releasing " + release.name());
        applyGate(release);
        return AbandonedRelease.cleanUpAfter(
                plan.dataset(),
                release.name(),
                () -> Release.make(
                        plan.dataset(),
                        release,
                        new ReleaseWork(
                                plan.work().resolve("spool"),
                                Long.MAX_VALUE,
                                0,
                                1,
                                _ -> {},
                                estimate -> out.println(EmbeddingLine.of(estimate)))));
    }

    private LatestRef latest() throws IOException {
        Optional<String> now = plan.dataset().refs().latestMove(Refs.LATEST).map(Refs.Move::version);
        return new LatestRef(now, now);
    }

    private void printLocations(List<String> lines) {
        String name = plan.recipe().release().name();
        out.println("released " + plan.dataset().location() + "/releases/" + name);
        plan.dataset().versions().manifest(name).ifPresent(made -> {
            ViewRows.lines(made).forEach(out::println);
            SelectionLines.of(
                            made.removed().selected(),
                            made.removed().reported(),
                            plan.dataset().location() + "@" + name)
                    .forEach(this::say);
            SelectionLines.shortage(made.recipe().curation().select().map(Manifest.Select::total), made.rows())
                    .ifPresent(this::say);
        });
        lines.forEach(this::say);
        out.println("  show it      " + CommandName.get() + " show "
                + ShellWord.of(plan.dataset().location() + "@" + name));
        out.println("  rejections   " + CommandName.get() + " show " + dataset() + " --rejected");
    }

    /** As an argument of a command. */
    private String dataset() {
        return ShellWord.of(plan.dataset().location());
    }

    /** Prints a message whose commands can be pasted. */
    private void say(String message) {
        out.println(CommandName.in(message));
    }
}
