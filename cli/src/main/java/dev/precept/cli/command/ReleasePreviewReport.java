package dev.precept.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.cli.run.ReleaseLines;
import dev.precept.cli.run.SelectionLines;
import dev.precept.cli.run.ViewRows;
import dev.precept.cli.terminal.CommandName;
import dev.precept.cli.terminal.Count;
import dev.precept.dataset.release.ReleasePreview;
import dev.precept.dataset.template.ReasoningTrait;
import dev.precept.dataset.template.TemplateTable;
import dev.precept.dataset.view.View;
import dev.precept.runtime.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Prints what a release would make. */
final class ReleasePreviewReport {
    private static final String NOT_ASKED = " *";

    private ReleasePreviewReport() {}

    /** Prints the preview; why the release would not be made is reported on standard error too. */
    static ExitCode print(OutputOption output, String dataset, ReleasePreview preview) {
        Optional<String> obstacle = obstacle(preview);
        if (output.isJson()) {
            OutputOption.print(json(preview, obstacle));
        } else {
            System.out.println("dry run: nothing was written; version " + preview.version() + " would have "
                    + Count.of(preview.samples(), "sample"));
            ViewRows.lines(preview.rows(), preview.shards()).forEach(System.out::println);
            ReleaseLines.of(dataset, preview.version(), preview.splits(), preview.latest(), true)
                    .forEach(line -> System.out.println(CommandName.in(line)));
            SelectionLines.of(preview.selected(), preview.reported()).forEach(System.out::println);
            SelectionLines.shortage(preview.requested(), preview.samples()).ifPresent(System.out::println);
            preview.notCalled()
                    .ifPresent(url -> System.out.println(
                            "meaning of prompts: not compared in a dry run, since that would call " + url));
            templates(preview).forEach(System.out::println);
            obstacle.ifPresent(why -> System.err.println(CommandName.in("would not be released: " + why)));
        }
        return obstacle.isEmpty()
                ? ExitCode.RELEASED
                : preview.openRuns().isEmpty() ? ExitCode.NOT_RELEASED : ExitCode.WORK_LEFT;
    }

    private static Optional<String> obstacle(ReleasePreview preview) {
        if (!preview.openRuns().isEmpty()) {
            return Optional.of("open runs: " + String.join(", ", preview.openRuns()));
        }
        return preview.hasRows() ? preview.refusal() : Optional.of("no view has a row");
    }

    /** Each chat template, then its views; those that are not asked for last. */
    private static List<String> templates(ReleasePreview preview) {
        TemplateTable table = preview.templates();
        List<String> lines = new ArrayList<>();
        for (int n = 0; n < table.templates().size(); n++) {
            ReasoningTrait trait = table.templates().get(n).reasoning();
            lines.add("chat template " + table.templates().get(n).name() + ": " + describe(trait));
            for (View view : views(preview)) {
                append(lines, view, table.cell(n, view), preview.rows().containsKey(view));
            }
        }
        if (lines.stream().anyMatch(line -> line.contains(NOT_ASKED + " "))) {
            lines.add(" " + NOT_ASKED + " not among the views of this version");
        }
        return lines;
    }

    private static String describe(ReasoningTrait trait) {
        if (trait.fields().isEmpty()) {
            return "reads no field with reasoning";
        }
        return "reads " + String.join(", ", trait.fields())
                + (trait.keepsEarlier() ? ", of every turn" : ", of the last turn only");
    }

    private static List<View> views(ReleasePreview preview) {
        List<View> views = new ArrayList<>(preview.rows().keySet());
        preview.templates().views().stream()
                .filter(view -> !views.contains(view))
                .forEach(views::add);
        return views.stream().filter(preview.templates().views()::contains).toList();
    }

    private static void append(List<String> lines, View view, TemplateTable.Cell cell, boolean isAsked) {
        List<String> counts = new ArrayList<>();
        if (cell.good() > 0 || cell.faults().isEmpty()) {
            counts.add(String.format(Locale.ROOT, "%,6d good", cell.good()));
        }
        Map<String, List<Map.Entry<TemplateTable.Fault, Long>>> faults = cell.faults().entrySet().stream()
                .collect(Collectors.groupingBy(
                        fault -> (fault.getKey().isCrash() ? "crash%s: " : "lost%s: ")
                                + fault.getKey().what().replace("%", "%%"),
                        TreeMap::new,
                        Collectors.toList()));
        boolean isEveryRow = cell.good() == 0 && faults.size() == 1;
        faults.forEach((what, shapes) -> counts.add(String.format(
                Locale.ROOT,
                "%,6d " + what,
                shapes.stream().mapToLong(Map.Entry::getValue).sum(),
                isEveryRow
                        ? ""
                        : shapes.stream()
                                .map(shape -> shape.getKey().shape().label())
                                .collect(Collectors.joining(", ", " (", ")")))));
        String label = view.label() + (isAsked ? "" : NOT_ASKED);
        for (String count : counts) {
            lines.add(String.format(Locale.ROOT, "  %-20s %s", label, count));
            label = "";
        }
    }

    private static ObjectNode json(ReleasePreview preview, Optional<String> obstacle) {
        ObjectNode json = OutputOption.object();
        json.put("outcome", "dry_run").put("version", preview.version()).put("samples", preview.samples());
        obstacle.ifPresent(why -> json.put("why_not", why));
        ObjectNode views = json.putObject("views");
        preview.rows().forEach((view, splits) -> {
            ObjectNode of = views.putObject(view.label());
            splits.forEach((split, rows) -> of.put(split.label(), rows));
        });
        preview.notCalled().ifPresent(url -> json.put("not_called", url));
        preview.latest().now().ifPresent(version -> json.put("latest", version));
        preview.latest().before().ifPresent(version -> json.put("latest_before", version));
        json.set("left_out", ReleaseReport.counts(preview.selected()));
        json.set("reported", ReleaseReport.counts(preview.reported()));
        ArrayNode templates = json.putArray("templates");
        forEachCell(preview, cell -> templates.add(cell));
        return json;
    }

    private static void forEachCell(ReleasePreview preview, Consumer<ObjectNode> consumer) {
        TemplateTable table = preview.templates();
        for (int n = 0; n < table.templates().size(); n++) {
            for (View view : views(preview)) {
                TemplateTable.Cell cell = table.cell(n, view);
                ObjectNode json = OutputOption.object()
                        .put("template", table.templates().get(n).name())
                        .put("view", view.label())
                        .put("released", preview.rows().containsKey(view))
                        .put("good", cell.good());
                ArrayNode faults = json.putArray("faults");
                for (Map.Entry<TemplateTable.Fault, Long> fault : cell.faults().entrySet()) {
                    faults.addObject()
                            .put("shape", fault.getKey().shape().label())
                            .put("result", fault.getKey().isCrash() ? "crash" : "lost")
                            .put("what", fault.getKey().what())
                            .put("rows", fault.getValue());
                }
                consumer.accept(json);
            }
        }
    }
}
