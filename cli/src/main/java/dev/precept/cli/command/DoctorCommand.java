package dev.precept.cli.command;

import dev.precept.cli.run.FirstRequests;
import dev.precept.cli.run.RoleCheck;
import dev.precept.cli.run.RunPlan;
import dev.precept.cli.run.RunRecipe;
import dev.precept.cli.run.SecurityWarnings;
import dev.precept.cli.terminal.Count;
import dev.precept.config.ConfigurationException;
import dev.precept.config.QuotaSettings;
import dev.precept.config.Recipe;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.Layout;
import dev.precept.dataset.parquet.NativeLibraries;
import dev.precept.judging.EndpointSettings;
import dev.precept.judging.RequestSettings;
import dev.precept.judging.RoleProbe;
import dev.precept.judging.canary.Canaries;
import dev.precept.judging.canary.CanarySettings;
import dev.precept.model.ChatRequest;
import dev.precept.model.ModelCallException;
import dev.precept.model.Reply;
import dev.precept.model.openai.Acceptance;
import dev.precept.model.openai.EndpointProbe;
import dev.precept.model.openai.Readiness;
import dev.precept.model.openai.RequestEncoding;
import dev.precept.prompts.CategoryLimits;
import dev.precept.prompts.CheckedInput;
import dev.precept.prompts.PromptSettings;
import dev.precept.prompts.PromptSource;
import dev.precept.prompts.SourceFiles;
import dev.precept.prompts.evaluation.ContaminationSettings;
import dev.precept.prompts.evaluation.EvaluationSets;
import dev.precept.runtime.ExitCode;
import dev.precept.runtime.WorkFolder;
import dev.precept.spec.Specification;
import dev.precept.store.location.StoreLocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code precept doctor}. Checks what a run needs and starts no run. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "Check a recipe: files, specification, prompts, models, Kafka, disk.")
final class DoctorCommand implements Callable<Integer> {
    @Mixin
    private RecipeOptions options = new RecipeOptions();

    @Mixin
    private WorkOption work = new WorkOption();

    /** Columns before the text of a check. */
    private static final int INDENT = 24;

    private boolean failed;

    /** Returns a summary, or throws what is wrong. */
    private interface Check {
        String run() throws Exception;
    }

    @Override
    public Integer call() {
        check("java", () -> System.getProperty("java.version") + " " + System.getProperty("java.vm.name"));
        check("temp folder", () -> NativeLibraries.requireLoadable() + ", native libraries can be loaded");
        RunRecipe[] read = new RunRecipe[1];
        check("recipe", () -> {
            Recipe recipe = options.read();
            read[0] = RunRecipe.read(recipe, System.getenv());
            read[0].workers().requireServers(recipe);
            return options.name();
        });
        RunRecipe known = read[0];
        if (known != null) {
            Specification[] loaded = new Specification[1];
            check("specification", () -> {
                Specification specification = RunPlan.specification(known.spec());
                loaded[0] = specification;
                return new SpecificationSummary(specification).text(known.spec());
            });
            Specification specification = loaded[0];
            List<PromptSource> sources = new ArrayList<>();
            ContaminationSettings contamination = known.prompts().contamination();
            boolean[] compared = new boolean[1];
            if (!contamination.sets().isEmpty()) {
                check("contamination", () -> {
                    List<String> lines =
                            EvaluationSets.read(contamination, work.folder()).lines();
                    compared[0] = true;
                    return String.join("\n", lines);
                });
            }
            if (specification != null) {
                PromptSettings settings =
                        compared[0] ? known.prompts() : known.prompts().withoutContamination();
                check("prompts", () -> prompts(known, settings, specification, sources));
            }
            check("neardup", () -> NearDuplicateText.of(known.workers().nearDuplicates()));
            QuotaSettings quotas = known.prompts().quotas();
            if (specification != null && !quotas.quotas().isEmpty()) {
                check("quotas", () -> {
                    CategoryLimits.requireKnown(quotas, specification);
                    return quotas.describe();
                });
            }
            known.workers()
                    .canaries()
                    .filter(named -> named.file().isPresent())
                    .ifPresent(named -> check("canaries", () -> canaries(known, named)));
            check("dataset", () -> dataset(known.dataset()));
            model(RoleProbe.GENERATOR, known.workers().generator(), known, specification, sources);
            for (EndpointSettings judge : known.workers().judges().judges()) {
                model(RoleProbe.JUDGE, judge, known, specification, sources);
            }
            SecurityWarnings.of(known).forEach(warning -> System.out.println("  " + warning));
            check("broker", () -> BrokerCheck.check(known));
        }
        check("work folder", this::workFolder);
        return (failed ? ExitCode.MISCONFIGURED : ExitCode.RELEASED).code();
    }

    private void model(
            RoleProbe role,
            EndpointSettings settings,
            RunRecipe recipe,
            @Nullable Specification specification,
            List<PromptSource> sources) {
        check(role.section(settings), () -> {
            List<ChatRequest> first = specification == null
                    ? List.of()
                    : FirstRequests.of(role, settings, recipe, specification, sources);
            return endpoints(
                    new RoleCheck(role, settings, first),
                    Optional.ofNullable(specification).map(SpecificationSummary::new));
        });
    }

    private void check(String what, Check check) {
        try {
            print("ok", what, check.run());
        } catch (ConfigurationException e) {
            failed = true;
            e.problems().forEach(problem -> print("wrong", what, problem));
        } catch (Exception | LinkageError e) {
            failed = true;
            print("wrong", what, String.valueOf(e.getMessage()));
        }
    }

    private static void print(String verdict, String what, String text) {
        String unprefixed = text.startsWith(what + ": ") ? text.substring(what.length() + 2) : text;
        System.out.printf(
                Locale.ROOT, "  %-6s %-14s %s%n", verdict, what, unprefixed.replace("\n", "\n" + " ".repeat(INDENT)));
    }

    /** Reads every row, as a run does before its first call. */
    private String prompts(
            RunRecipe recipe, PromptSettings settings, Specification specification, List<PromptSource> sources) {
        CheckedInput input = SourceFiles.check(
                settings, work.folder(), specification, recipe.workers().runParameters());
        sources.addAll(input.sources());
        int files = input.sources().size();
        List<String> lines = new ArrayList<>();
        lines.add(Count.of(files, "file") + ", " + input.report().headline());
        lines.addAll(input.report().lines());
        return String.join("\n", lines).replace("\nprompts: ", "\n");
    }

    private static String canaries(RunRecipe recipe, CanarySettings named) {
        Canaries canaries = Canaries.load(Optional.of(named));
        canaries.requireKnownCategories(RunPlan.specification(recipe.spec()));
        return canaries.size() + " in " + named.file().orElseThrow() + ", one per " + named.every() + " judging tasks";
    }

    private static String dataset(StoreLocation location) throws IOException {
        boolean there = switch (location) {
            case StoreLocation.Folder(Path folder) -> Files.exists(folder.resolve(Layout.IDENTITY));
            case StoreLocation.InBucket bucket ->
                bucket.open().read(Layout.IDENTITY).isPresent();
        };
        if (there) {
            Dataset dataset = Dataset.openExisting(location);
            return location + ", " + Count.of(dataset.runs().size(), "run") + ", releases "
                    + dataset.versions().all();
        }
        if (location instanceof StoreLocation.Folder(Path folder)) {
            requireWritable(folder);
        }
        return location + ", will be created";
    }

    private static void requireWritable(Path location) {
        Path parent = location;
        while (parent != null && !Files.exists(parent)) {
            parent = parent.getParent();
        }
        if (parent == null || !Files.isWritable(parent)) {
            throw new ConfigurationException("dataset " + location + ": cannot be created");
        }
    }

    private static String endpoints(RoleCheck check, Optional<SpecificationSummary> specification)
            throws InterruptedException {
        EndpointSettings settings = check.settings();
        if (settings.weights().isEmpty()) {
            return "the mock model, which answers by rule";
        }
        List<String> results = new ArrayList<>();
        for (String url : settings.weights().keySet()) {
            results.add(endpoint(check, url, specification));
        }
        return String.join("; ", results);
    }

    private static String endpoint(RoleCheck check, String url, Optional<SpecificationSummary> specification)
            throws InterruptedException {
        EndpointSettings settings = check.settings();
        List<String> notes = new ArrayList<>();
        switch (check.readiness(url)) {
            case Readiness.Ready ready -> check.unlisted(url, ready).ifPresent(notes::add);
            case Readiness.UnknownHost(String detail) -> throw new ConfigurationException(detail);
            case Readiness.NotReady(String detail) -> requireAnswer(check, url, detail);
            case Readiness.ListFailed(String detail) -> requireAnswer(check, url, detail);
            case Readiness.Misconfigured(String detail) -> requireAnswer(check, url, detail);
        }
        RequestEncoding accepted = switch (check.ask(url)) {
            case Acceptance.Accepted(RequestEncoding encoding, Reply _) -> {
                if (check.role() == RoleProbe.JUDGE) {
                    notes.addFirst("its votes can be read");
                }
                yield encoding;
            }
            case Acceptance.Unusable(RequestEncoding encoding, String detail) -> {
                if (settings.request().check() == RequestSettings.Check.STOP) {
                    throw new ConfigurationException(detail);
                }
                notes.add(detail);
                yield encoding;
            }
            case Acceptance.Refused(String detail) -> throw new ConfigurationException(detail);
            case Acceptance.NotReady(String detail) -> throw new ConfigurationException(detail);
            case Acceptance.Misconfigured(String detail) -> throw new ConfigurationException(detail);
        };
        try {
            EndpointProbe.ProbeResult found = EndpointProbe.probe(
                    settings.endpoint(url), accepted, settings.model(), settings.sampling(), settings.callTimeout());
            List<String> changes = accepted.differences(settings.request().encoding());
            if (!changes.isEmpty()) {
                notes.add("adapted to its refusals: " + String.join(", ", changes));
            }
            specification
                    .flatMap(known -> known.contextNote(settings, found.contextTokens()))
                    .ifPresent(notes::add);
            notes.addFirst(ProbeText.describe(url, found));
            return String.join("; ", notes);
        } catch (ModelCallException e) {
            throw new ConfigurationException(e.detail());
        } catch (EndpointProbe.NoCompletionException e) {
            throw new ConfigurationException(String.valueOf(e.getMessage()));
        }
    }

    /** A gateway may have no list of models, or none with this key: the question decides. */
    private static void requireAnswer(RoleCheck check, String url, String detail) throws InterruptedException {
        if (!check.answersWithoutModels(url)) {
            throw new ConfigurationException(detail);
        }
    }

    private String workFolder() {
        WorkFolder folder = work.folder();
        if (!Files.isDirectory(folder.root())) {
            return folder.root() + ", will be created";
        }
        folder.prepare();
        if (folder.isInUse()) {
            throw new ConfigurationException("--work " + folder.root() + ": in use by another process");
        }
        return folder.root() + (folder.read("run.json").isPresent() ? ", holds a run" : ", holds no run");
    }
}
