package dev.precept.benchmarks.client;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.content.Sha256;
import dev.precept.records.CitationScreen;
import dev.precept.records.GenerationTask;
import dev.precept.records.LeakScreen;
import dev.precept.records.Message;
import dev.precept.records.Origin;
import dev.precept.records.PersonalScreen;
import dev.precept.records.Prompt;
import dev.precept.records.RunParameters;
import dev.precept.records.SlotRef;
import dev.precept.spec.Excerpt;
import dev.precept.spec.SpecFolder;
import dev.precept.spec.Specification;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/** Generates prompts of about 500 bytes and a specification with an excerpt of about 30 KB; the same in every process. */
public final class BenchmarkInput {
    private static final String CATEGORY = "everyday";
    private static final int CLAUSES = 60;
    private static final int CLAUSE_LETTERS = 470;
    private static final int PROMPT_LETTERS = 500;
    private static final int MAX_TOKENS = 4_096;
    private static final String[] WORDS = """
            a after again all answer any ask because before begin both by careful change check clear come could day do each
            easy end every example fact few find first follow for from give good half hand have help here how if in into it
            keep kind know last leave less let line list little look make many may more most name need never next no note
            now number of off often on once one only open or order other our out over own part people place plan point put
            question read reason rest right rule same say see set short show side simple since small so some sort state
            step still such take tell than that the then there thing think this time to too try turn under until up use way
            well what when where which while who why will with word work write year yet you
            """.split("\\s+");

    private final Specification specification;
    private final Excerpt excerpt;

    private final boolean screens;

    private BenchmarkInput(Specification specification, boolean screens) {
        this.specification = specification;
        this.screens = screens;
        this.excerpt = specification.excerpt(List.of(CATEGORY));
    }

    /** Reads a specification written by {@link #write}. */
    public static BenchmarkInput read(Path folder) {
        return new BenchmarkInput(SpecFolder.load(folder), true);
    }

    /** The same, in a run that searches completions or does not. */
    public BenchmarkInput withScreens(boolean on) {
        return new BenchmarkInput(specification, on);
    }

    /** Writes the specification. */
    public static BenchmarkInput write(Path folder) throws IOException {
        StringBuilder clauses = new StringBuilder("# House {#house}\n\n");
        for (int n = 1; n <= CLAUSES; n++) {
            clauses.append("## Point %d {#point-%d}\n\n".formatted(n, n))
                    .append(text(-n, CLAUSE_LETTERS))
                    .append("\n\n");
        }
        StringBuilder index = new StringBuilder("name: benchmark\nprinciples: [point-1]\ncategories:\n");
        index.append("  - {name: %s, summary: What people ask every day., clauses: [".formatted(CATEGORY));
        for (int n = 2; n <= CLAUSES; n++) {
            index.append(n == 2 ? "" : ", ").append("point-").append(n);
        }
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("clauses.md"), clauses);
        Files.writeString(folder.resolve("spec.yaml"), index.append("]}\n"));
        return read(folder);
    }

    /** Writes the first prompts as JSON lines. */
    public static void writePrompts(Path file, int count) throws IOException {
        ObjectMapper json = new ObjectMapper();
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (int n = 1; n <= count; n++) {
                out.write(json.createObjectNode()
                        .put("prompt", prompt(n))
                        .put("categories", CATEGORY)
                        .toString());
                out.newLine();
            }
        }
    }

    public Specification specification() {
        return specification;
    }

    String excerpt() {
        return excerpt.text();
    }

    /** Generates the nth prompt. */
    static String prompt(long n) {
        return text(n, PROMPT_LETTERS);
    }

    /** Generates the task of the nth prompt; its key is the prompt id. */
    public GenerationTask task(long n) {
        String words = prompt(n);
        String id = Sha256.hex(words);
        Origin origin = new Origin("benchmark.jsonl", String.valueOf(n), n);
        Prompt prompt = Prompt.newBuilder()
                .setPromptId(id)
                .setOrigin(origin)
                .setMessages(List.of(
                        Message.newBuilder().setRole("user").setContent(words).build()))
                .setCategories(List.of(CATEGORY))
                .setSpecVersion(specification.version())
                .setSpecExcerptSha256(excerpt.sha256())
                .setRunParameters(new RunParameters(
                        1,
                        3,
                        3,
                        8.0,
                        true,
                        MAX_TOKENS,
                        screens ? LeakScreen.REPORT : LeakScreen.OFF,
                        screens ? CitationScreen.REPORT : CitationScreen.OFF,
                        null,
                        PersonalScreen.OFF,
                        0.0,
                        false))
                .build();
        return new GenerationTask(new SlotRef("run-1", id, origin, 0, 1, 1), prompt, MAX_TOKENS, null);
    }

    private static String text(long seed, int letters) {
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder text = new StringBuilder(letters + 16);
        while (text.length() < letters) {
            text.append(WORDS[random.nextInt(WORDS.length)]).append(random.nextInt(12) == 0 ? ".\n" : " ");
        }
        return text.toString().strip();
    }
}
