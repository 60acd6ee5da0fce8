package dev.precept.cli.command;

import dev.precept.config.ConfigurationException;
import dev.precept.config.FileErrors;
import dev.precept.dataset.parquet.NativeLibraries;
import dev.precept.evaluation.compare.Comparison;
import dev.precept.evaluation.result.ChartPage;
import dev.precept.evaluation.result.Interval;
import dev.precept.runtime.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code precept eval compare}. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description = "Compare two evaluations of the same questions. Prints each difference with its interval.")
final class EvalCompareCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "BEFORE", description = "the --out of an evaluation")
    private Path before = Path.of("");

    @Parameters(index = "1", paramLabel = "AFTER", description = "the --out of another one")
    private Path after = Path.of("");

    @Option(
            names = "--chart",
            paramLabel = "FILE.html",
            description = "safety: write a page with both in one chart, and a line between them")
    private @Nullable Path chart;

    @Mixin
    private OutputOption output = new OutputOption();

    @Override
    public Integer call() throws IOException {
        NativeLibraries.requireLoadable();
        Comparison comparison = Comparison.of(before, after);
        if (chart != null) {
            write(comparison, chart);
        }
        if (output.isJson()) {
            OutputOption.print(comparison.toJson());
        } else {
            print(comparison);
        }
        return ExitCode.RELEASED.code();
    }

    private static void write(Comparison comparison, Path file) {
        if (!comparison.before().path("suite").asText().equals("safety")) {
            throw new ConfigurationException("--chart " + file + ": only safety evaluations have a chart");
        }
        ChartPage page = new ChartPage("Safety evaluation, before and after")
                .add("before: " + ChartPage.label(comparison.before()), comparison.before())
                .add("after: " + ChartPage.label(comparison.after()), comparison.after());
        try {
            Files.writeString(file, page.html(true));
        } catch (IOException e) {
            throw new ConfigurationException(
                    "--chart " + file + ": cannot be written (" + FileErrors.describe(e) + ")");
        }
    }

    private static void print(Comparison comparison) {
        System.out.println("before: " + ChartPage.label(comparison.before()));
        System.out.println("after:  " + ChartPage.label(comparison.after()));
        System.out.println();
        System.out.println(
                String.format(Locale.ROOT, "  %-24s %8s %8s  %s", "", "before", "after", "difference (95 % interval)"));
        for (Comparison.Difference difference : comparison.differences()) {
            Interval change = difference.change();
            String name = difference.name().length() <= 24
                    ? difference.name()
                    : difference.name().substring(0, 23) + "…";
            System.out.println(
                    change.isDefined()
                            ? String.format(
                                    Locale.ROOT,
                                    "  %-24s %6.1f %% %6.1f %%  %+.1f (%+.1f to %+.1f)%s",
                                    name,
                                    100 * difference.before(),
                                    100 * difference.after(),
                                    100 * change.value(),
                                    100 * change.low(),
                                    100 * change.high(),
                                    difference.isClear() ? "" : ", not clear")
                            : String.format(Locale.ROOT, "  %-24s no row counts in both", name));
        }
    }
}
