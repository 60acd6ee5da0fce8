package dev.precept.dataset.release;

import dev.precept.config.ConfigurationException;
import dev.precept.config.NearDuplicateSettings;
import dev.precept.config.Recipe;
import dev.precept.config.Section;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.Refs;
import dev.precept.dataset.Withdrawal;
import dev.precept.dataset.evidence.Gate;
import dev.precept.dataset.template.BrokenTemplateException;
import dev.precept.dataset.template.ChatTemplate;
import dev.precept.dataset.view.RowKind;
import dev.precept.dataset.view.View;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The settings of a version; section {@code release} of a recipe.
 *
 * @param shards files of each view and split, a multiple of the world size
 * @param worldSize ranks of the training job
 * @param splits share of the prompts in the validation split, and what earlier versions decided
 * @param preferenceGap least distance between the lowest votes of a preference pair
 * @param threshold least lowest vote of a sample; empty for that of each run
 * @param templates chat templates that must keep the texts of the views
 * @param rows what the rows are made of, beyond the views
 * @param labels what the card states
 * @param nearDuplicates what is done about rows that are nearly equal to an earlier one; section {@code neardup}
 * @param curation which of the good rows are left out
 * @param gates limits of numbers of the evidence, by name
 */
public record ReleaseSettings(
        String name,
        List<View> views,
        int shards,
        int worldSize,
        SplitSettings splits,
        double preferenceGap,
        Optional<Double> threshold,
        List<ChatTemplate> templates,
        Manifest.RowOptions rows,
        Manifest.Labels labels,
        Manifest.NearDuplicates nearDuplicates,
        CurationSettings curation,
        Map<String, Double> gates) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern LICENSE = Pattern.compile("[a-z0-9][a-z0-9.+-]{0,63}");
    private static final Pattern LANGUAGE = Pattern.compile("[a-z]{2,3}(-[A-Za-z0-9]{1,8})*");
    private static final int MOST_SHARDS = 1024;
    private static final int WORLD_SIZE = 8;
    private static final double PREFERENCE_GAP = 3;

    /** The splits of the version before, the default gap, and no search for near-duplicates. */
    public ReleaseSettings(String name, List<View> views, int shards) {
        this(
                name,
                views,
                shards,
                shards,
                SplitSettings.INHERITED,
                PREFERENCE_GAP,
                Optional.empty(),
                List.of(),
                Manifest.RowOptions.DEFAULT,
                Manifest.Labels.NONE,
                Manifest.NearDuplicates.OFF,
                CurationSettings.NONE,
                Map.of());
    }

    /** As many ranks as shards, the threshold of each run, and no templates. */
    public ReleaseSettings(String name, List<View> views, int shards, double validation, double preferenceGap) {
        this(name, views, shards, shards, validation, preferenceGap, Optional.empty(), List.of());
    }

    /** Without labels. */
    public ReleaseSettings(
            String name,
            List<View> views,
            int shards,
            int worldSize,
            double validation,
            double preferenceGap,
            Optional<Double> threshold,
            List<ChatTemplate> templates) {
        this(
                name,
                views,
                shards,
                worldSize,
                SplitSettings.ofShare(validation),
                preferenceGap,
                threshold,
                templates,
                Manifest.RowOptions.DEFAULT,
                Manifest.Labels.NONE,
                Manifest.NearDuplicates.OFF,
                CurationSettings.NONE,
                Map.of());
    }

    public ReleaseSettings {
        gates = Map.copyOf(gates);
    }

    /** Reads the section; adds its problems to the recipe. */
    public static ReleaseSettings read(Recipe recipe) {
        Section section = recipe.section("release");
        String name = section.text("name", "v1", "the version to release; a released version never changes");
        if (!NAME.matcher(name).matches()) {
            section.addProblem(
                    "name", "'" + name + "' is not allowed; give up to 64 letters, digits, '.', '_' and '-'");
        } else if (Refs.isReserved(name)) {
            section.addProblem("name", "'" + name + "' is the name of a ref, which moves; give another, such as v1");
        } else if (name.equals(NextVersion.WORD)) {
            section.addProblem("name", "'next' is reserved for 'precept release --as next'; give a name, such as v1");
        }
        List<String> labels =
                section.texts("views", List.of("sft", "sft-think"), "projections of the rows: " + viewLabels());
        List<View> views = new ArrayList<>();
        for (String label : labels) {
            Optional<View> view = View.byLabel(label);
            if (view.isEmpty()) {
                section.addProblem("views", unknown(label));
            }
            view.filter(known -> !views.contains(known)).ifPresent(views::add);
        }
        int world = section.integer(
                "world_size",
                WORLD_SIZE,
                1,
                MOST_SHARDS,
                "ranks of the training job; the number of files is a multiple");
        long shards = section.count("shards", "files of each view and split; default: world_size")
                .orElse((long) world);
        if (shards > MOST_SHARDS || shards % world != 0) {
            section.addProblem(
                    "shards",
                    shards + " is not allowed; give a multiple of world_size, which is " + world + ", up to "
                            + MOST_SHARDS);
            shards = world;
        }
        Optional<Double> validation = section.number(
                "validation",
                0,
                0.5,
                "share of the prompts in the validation split, by hash of their id; prompts of earlier versions keep"
                        + " their split; default: that of the version before, or 0");
        double gap = section.number(
                "preference_gap",
                PREFERENCE_GAP,
                0.1,
                10,
                "least distance between the lowest votes of a preference pair");
        Optional<Double> threshold =
                section.number("threshold", 0, 10, "least lowest vote of a sample; default: the threshold of each run");
        return new ReleaseSettings(
                name,
                views,
                Math.toIntExact(shards),
                world,
                new SplitSettings(validation, false, List.of()),
                gap,
                threshold,
                templates(section),
                rows(section),
                labels(section),
                Manifest.NearDuplicates.of(NearDuplicateSettings.read(recipe)),
                CurationSettings.read(recipe),
                Gate.read(recipe));
    }

    /** Overrides the section of a recipe with the settings of a version. Flags are applied after this. */
    public static void inherit(Recipe recipe, Manifest manifest) {
        Manifest.ReleaseRecipe made = manifest.recipe();
        recipe.override("release.views", made.views().stream().map(View::label).toList());
        recipe.override("release.shards", String.valueOf(made.shards()));
        recipe.override("release.world_size", String.valueOf(made.worldSize()));
        recipe.override("release.validation", String.valueOf(made.validation()));
        made.preferenceGap().ifPresent(gap -> recipe.override("release.preference_gap", String.valueOf(gap)));
        made.threshold().ifPresent(threshold -> recipe.override("release.threshold", String.valueOf(threshold)));
        recipe.override(
                "release.developer_as_system", String.valueOf(made.rows().developerAsSystem()));
        recipe.override("release.rl_unkept", String.valueOf(made.rows().rlUnkept()));
        recipe.overrideText("neardup.prompts", made.nearDuplicates().prompts().label());
        recipe.overrideText("neardup.samples", made.nearDuplicates().samples().label());
        recipe.override(
                "neardup.threshold", String.valueOf(made.nearDuplicates().threshold()));
        made.labels().license().ifPresent(license -> recipe.overrideText("release.license", license));
        if (!made.labels().languages().isEmpty()) {
            recipe.override("release.language", made.labels().languages());
        }
        CurationSettings.inherit(recipe, made.curation());
        Gate.inherit(recipe, made.gates());
    }

    /** The settings of a version, under another name. Without its gates: what must go is not kept for another reason. */
    public static ReleaseSettings fromManifest(Manifest manifest, String name) {
        Recipe recipe = Recipe.parse("command line", Path.of("").toAbsolutePath(), "");
        inherit(recipe, manifest);
        recipe.overrideText("release.name", name);
        ReleaseSettings settings = read(recipe);
        recipe.throwProblems();
        return settings.withGates(Map.of());
    }

    /**
     * Requires the chat templates that another version was checked with: rows that its settings did not keep are to be checked
     * like its own.
     *
     * @throws ConfigurationException if one of them is not among these settings
     */
    public void requireTemplatesOf(Manifest version) {
        for (Manifest.Template template : version.recipe().templates()) {
            if (templates.stream().noneMatch(given -> given.sha256().equals(template.sha256()))) {
                throw new ConfigurationException("version " + version.version()
                        + " was checked with the chat template " + template.name() + " (sha256 " + template.sha256()
                        + "); give it with --template FILE, or leave the check out with --without-templates");
            }
        }
    }

    private static Manifest.RowOptions rows(Section section) {
        return new Manifest.RowOptions(
                section.flag(
                        "developer_as_system",
                        false,
                        "write turns of the developer as turns of the system, for templates that know no developer"),
                section.flag(
                        "rl_unkept",
                        false,
                        "also give the view rl the prompts without a kept sample, unless they were withdrawn,"
                                + " contaminated or refused by the provider"));
    }

    private static Manifest.Labels labels(Section section) {
        Optional<String> license = section.text(
                "license",
                "identifier of the licence of the data for the card, such as cc-by-4.0; none is stated without");
        license.filter(id -> !LICENSE.matcher(id).matches())
                .ifPresent(id -> section.addProblem(
                        "license",
                        "'" + id + "' is not allowed; give an identifier of the Hugging Face Hub, such as cc-by-4.0"));
        List<String> languages = section.texts(
                "language", List.of(), "codes of the languages of the prompts for the card, such as [en]");
        languages.stream()
                .filter(code -> !LANGUAGE.matcher(code).matches())
                .forEach(code ->
                        section.addProblem("language", "'" + code + "' is not a code of a language, such as en"));
        return new Manifest.Labels(license, languages);
    }

    private static List<ChatTemplate> templates(Section section) {
        List<ChatTemplate> templates = new ArrayList<>();
        for (String file : section.texts(
                "templates",
                List.of(),
                "chat templates that the views are checked against before files are written: chat_template.jinja or "
                        + "tokenizer_config.json of a tokenizer")) {
            try {
                templates.add(ChatTemplate.read(
                        section.base("templates").resolve(file).normalize()));
            } catch (BrokenTemplateException e) {
                section.addProblem("templates", String.valueOf(e.getMessage()));
            }
        }
        return templates;
    }

    /** The same settings with another name. */
    public ReleaseSettings withName(String other) {
        return copy(other, splits, templates, rows, nearDuplicates, curation, gates);
    }

    /** The same settings with other options of rows. */
    public ReleaseSettings withRows(Manifest.RowOptions others) {
        return copy(name, splits, templates, others, nearDuplicates, curation, gates);
    }

    /** The same settings with other templates. */
    public ReleaseSettings withTemplates(List<ChatTemplate> others) {
        return copy(name, splits, others, rows, nearDuplicates, curation, gates);
    }

    /** The same settings with others of near-duplicates. */
    public ReleaseSettings withNearDuplicates(Manifest.NearDuplicates others) {
        return copy(name, splits, templates, rows, others, curation, gates);
    }

    /** The same settings with others of which good rows are left out. */
    public ReleaseSettings withCuration(CurationSettings others) {
        return copy(name, splits, templates, rows, nearDuplicates, others, gates);
    }

    /** The same settings with other splits. */
    public ReleaseSettings withSplits(SplitSettings others) {
        return copy(name, others, templates, rows, nearDuplicates, curation, gates);
    }

    /** The same settings with other limits of the evidence. */
    public ReleaseSettings withGates(Map<String, Double> others) {
        return copy(name, splits, templates, rows, nearDuplicates, curation, others);
    }

    /** With everything else as it is. */
    private ReleaseSettings copy(
            String otherName,
            SplitSettings otherSplits,
            List<ChatTemplate> otherTemplates,
            Manifest.RowOptions otherRows,
            Manifest.NearDuplicates otherNearDuplicates,
            CurationSettings otherCuration,
            Map<String, Double> otherGates) {
        return new ReleaseSettings(
                otherName,
                views,
                shards,
                worldSize,
                otherSplits,
                preferenceGap,
                threshold,
                otherTemplates,
                otherRows,
                labels,
                otherNearDuplicates,
                otherCuration,
                otherGates);
    }

    /** The share of the prompts in the validation split, as far as no earlier version decided. */
    public double validation() {
        return splits.validation();
    }

    /** With the offsets, all that decides which rows a version has. */
    Manifest.ReleaseRecipe recipe(List<Withdrawal> withdrawals) {
        return new Manifest.ReleaseRecipe(
                views,
                shards,
                worldSize,
                validation(),
                splits.earlier(),
                views.stream().anyMatch(view -> view.rowKind() == RowKind.PAIR)
                        ? Optional.of(preferenceGap)
                        : Optional.empty(),
                threshold,
                templates.stream()
                        .map(template -> new Manifest.Template(template.name(), template.sha256()))
                        .toList(),
                withdrawals,
                rows,
                labels,
                nearDuplicates,
                curation.recipe(),
                gates);
    }

    /** The views with these labels. */
    public static List<View> views(List<String> labels) {
        return labels.stream()
                .map(label ->
                        View.byLabel(label).orElseThrow(() -> new ConfigurationException("--views: " + unknown(label))))
                .distinct()
                .toList();
    }

    private static String unknown(String label) {
        return "there is no view '" + label + "'; there are " + viewLabels();
    }

    private static String viewLabels() {
        return String.join(", ", Arrays.stream(View.values()).map(View::label).toList());
    }
}
