package dev.precept.factory;

import dev.precept.prompts.InputSummary;
import dev.precept.runtime.ExitCode;
import dev.precept.sinks.Release;
import dev.precept.sinks.ReleaseSettings;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/** One run from wherever it is to its release. */
final class Run {
    private static final long BETWEEN_LOOKS_MILLIS = 250;

    private final RunPlan plan;
    private final PrintStream out;
    private final boolean terminal;
    private volatile boolean stopping;
    private int badLinesTold;

    Run(RunPlan plan, PrintStream out, boolean terminal) {
        this.plan = plan;
        this.out = out;
        this.terminal = terminal;
    }

    /** Asks the run to drain and to end with what is left. */
    void stop() {
        stopping = true;
    }

    ExitCode toTheEnd(ModelWait wait) throws InterruptedException, IOException {
        ReleaseSettings release = plan.recipe().release();
        if (plan.work().read(BooksFile.NAME).isPresent() && plan.dataset().hasRelease(release.name())) {
            out.println("run " + plan.run().runId() + " is finished");
            out.print(Books.table(BooksFile.read(plan.work())));
            where();
            return ExitCode.RELEASED;
        }
        Books books;
        InputSummary input;
        try (Line line = new Line(plan)) {
            line.awaitModels(wait);
            begin(line);
            line.start();
            books = follow(line);
            input = line.input();
        } catch (ModelWait.NotUp | Line.LineStopped e) {
            out.println(e.getMessage());
            return ExitCode.WORK_LEFT;
        }
        tell(input);
        if (!books.complete() || !plan.dataset().isComplete(plan.run().runId())) {
            out.print(Books.table(books.json()));
            out.println("stopped with work left; the same command goes on from here");
            return ExitCode.WORK_LEFT;
        }
        BooksFile.write(plan.work(), books);
        return release(books, release);
    }

    private void begin(Line line) {
        out.println("run " + plan.run().runId() + " · " + plan.expectedRows() + " prompts · specification "
                + plan.specification().name() + " "
                + plan.specification().version().substring(0, 12));
        if (line.isRehearsal()) {
            out.println("rehearsal: no model is named, a stand-in answers by rule; name one with --model-url");
        }
    }

    private Books follow(Line line) throws InterruptedException, Line.LineStopped {
        ProgressLine progress = new ProgressLine(
                out,
                terminal,
                plan.expectedRows(),
                plan.recipe().workers().asking().getSamples());
        try (BookReader reader = new BookReader(line.kafka(), plan.run().runId())) {
            while (true) {
                line.requireWorking();
                Books books = reader.now();
                boolean done =
                        books.complete() && plan.dataset().isComplete(plan.run().runId());
                if (done || stopping) {
                    progress.end(books);
                    return books;
                }
                progress.show(books);
                Thread.sleep(BETWEEN_LOOKS_MILLIS);
            }
        }
    }

    private void tell(InputSummary input) {
        List<String> bad = input.firstUnusable();
        for (; badLinesTold < bad.size(); badLinesTold++) {
            out.println("unusable: " + bad.get(badLinesTold));
        }
        if (input.unusable() > bad.size()) {
            out.println("unusable: " + (input.unusable() - bad.size()) + " more lines");
        }
        input.ignoredFields().forEach((file, fields) -> {
            if (!fields.isEmpty()) {
                out.println(file + ": fields nobody knows are ignored: " + String.join(", ", fields));
            }
        });
    }

    private ExitCode release(Books books, ReleaseSettings release) throws IOException {
        out.print(Books.table(books.json()));
        Release.Made made = plan.dataset().hasRelease(release.name())
                ? new Release.Made.Released(books.accepted(), plan.dataset().location())
                : Release.make(plan.dataset(), release, plan.work().resolve("spool"));
        return switch (made) {
            case Release.Made.Released _ -> {
                where();
                yield ExitCode.RELEASED;
            }
            case Release.Made.NoRows() -> {
                out.println(
                        books.onlyDead()
                                ? "not released: every line of the input was unusable"
                                : "not released: no sample was accepted; see 'precept look --dataset "
                                        + plan.dataset().location() + " --rejected'");
                yield ExitCode.NOT_RELEASED;
            }
            case Release.Made.Incomplete(List<String> runs) -> {
                out.println("not released: the dataset has open runs: " + String.join(", ", runs));
                yield ExitCode.WORK_LEFT;
            }
        };
    }

    private void where() {
        String dataset = plan.dataset().location();
        String name = plan.recipe().release().name();
        out.println("released " + dataset + "/releases/" + name);
        out.println("  look at it   precept look --dataset " + dataset + "@" + name);
        out.println("  rejected     precept look --dataset " + dataset + " --rejected");
    }
}
