package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.precept.dataset.Dataset;
import dev.precept.runtime.WorkFolder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bad input prints one line that names what, where and what to do, exits with 2, and starts nothing. */
class BadInputMessageTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @BeforeEach
    void aWorkingRecipe() throws IOException {
        Files.createDirectories(folder.resolve("spec"));
        write("spec/terms.md", "## Terms {#a-terms}\n\nWords.\n\n## Help {#a-help action=comply}\n\nHelp.\n");
        write(
                "spec/spec.yaml",
                "name: t\nprinciples: []\ncategories:\n  - {name: A, summary: s, clauses: [a-terms, a-help]}\n");
        write("prompts.jsonl", "{\"prompt\": \"Hello there\", \"categories\": \"A\"}\n");
        write("recipe.yaml", "prompts: {files: [prompts.jsonl]}\nspec: ./spec\n");
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private CommandResult run(String... more) {
        return runIn("work", "dataset", more);
    }

    private CommandResult runIn(String work, String dataset, String... more) {
        List<String> args = new ArrayList<>(List.of("run", at("recipe.yaml"), "--work", at(work)));
        args.addAll(List.of("--dataset", at(dataset)));
        args.addAll(List.of(more));
        return CommandResult.run(args.toArray(String[]::new));
    }

    private String at(String name) {
        return folder.resolve(name).toString();
    }

    @Test
    void thePortOfTheMockModelIsInUse() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(taken.getLocalPort());
            refused(
                    CommandResult.run("mock-model", "--port", port),
                    "--port: 127.0.0.1:" + port + " cannot be opened (Address already in use); choose another");
        }
        refused(
                CommandResult.run("mock-model", "--port", "99999"),
                "--port 99999: give a whole number from 0 to 65535");
    }

    private static void refused(CommandResult commandResult, String... parts) {
        assertThat(commandResult.code()).as(commandResult.err()).isEqualTo(2);
        assertThat(commandResult.err()).contains(parts).doesNotContain("Exception", "\tat ");
    }

    @Test
    void aMissingPromptFile() {
        refused(run("--prompts", folder.resolve("none.jsonl").toString()), "none.jsonl");
    }

    @Test
    void anotherNumberOfPartitionsThanThatOfTheDataset() throws IOException {
        Dataset.open(folder.resolve("dataset"), 2);
        String difference = "topics.partitions: the dataset " + at("dataset") + " was made with 2, not 16; give 2";
        refused(run("--set", "topics.partitions=16"), difference);
        assertThat(folder.resolve("work/run.json")).doesNotExist();
        write(
                "apply.yaml",
                "run: r\nprompts: {files: [prompts.jsonl]}\nspec: ./spec\ndataset: " + at("dataset")
                        + "\ntopics: {prefix: p, partitions: 16}\n"
                        + "kafka: {bootstrap.servers: '127.0.0.1:1', schema.registry.url: 'http://127.0.0.1:1'}\n");
        refused(CommandResult.run("topics", "apply", "--recipe", at("apply.yaml")), difference);
    }

    @Test
    void anEmptyPromptFile() throws IOException {
        write("empty.jsonl", "\n\n");
        refused(run("--prompts", folder.resolve("empty.jsonl").toString()), "empty.jsonl");
    }

    @Test
    void aBrokenJsonArray() throws IOException {
        write("broken.json", "[{\"prompt\": \"a\"},\n {\"prompt\": ]");
        refused(run("--prompts", folder.resolve("broken.json").toString()), "broken.json:2");
    }

    @Test
    void aTableWithoutAPromptColumn() throws IOException {
        write("table.csv", "text,category\nWhy?,A\n");
        refused(
                run("--prompts", at("table.csv")),
                "table.csv:1: no column 'prompt' or 'messages'; the columns are 'text', 'category'",
                "prompts.fields: {prompt: text}");
        refused(
                run("--prompts", at("table.csv"), "--set", "prompts.fields={prompt: text, categories: topic}"),
                "table.csv:1: no column 'topic'");
        write("twice.csv", "prompt,prompt\nWhy?,A\n");
        refused(run("--prompts", at("twice.csv")), "twice.csv:1: two columns are named 'prompt'");
    }

    /** Nothing is spent, and no work folder is bound to the run. */
    @Test
    void rowsThatAreNoPrompts() throws IOException {
        write("rows.jsonl", "{\"prompt\": \"Hello\"}\n{\"goal\": \"x\"}\n{\"prompt\": \"b\", \"category\": \"AA\"}\n");
        String[] parts = {
            "2 of 3 rows cannot be used, and prompts.max_unusable is 0.1",
            "1  neither 'prompt' nor 'messages' is present; the row has 'goal'",
            "1  the specification has no category 'AA'; did you mean 'A'? (" + at("rows.jsonl") + ":3)"
        };

        refused(run("--prompts", at("rows.jsonl")), parts);

        assertThat(folder.resolve("work/run.json")).doesNotExist();
        assertThat(folder.resolve("dataset")).doesNotExist();
        CommandResult doctor =
                CommandResult.run("doctor", at("recipe.yaml"), "--work", at("w"), "--prompts", at("rows.jsonl"));
        assertThat(doctor.code()).isEqualTo(2);
        assertThat(doctor.out()).contains(parts);
    }

    /** Nothing is spent; the doctor reads the sets, and the prompts although a set is wrong. */
    @Test
    void evaluationSets() throws IOException {
        write("set.csv", "a,b\n1,2\n");
        String wrong = "set.csv:1: no column with a known name of a question; the columns are 'a', 'b'";
        refused(run("--set", "contamination.sets=" + at("set.csv")), wrong);
        assertThat(folder.resolve("work/run.json")).doesNotExist();
        assertThat(folder.resolve("dataset")).doesNotExist();
        CommandResult doctor = doctor("contamination.sets=" + at("set.csv"));
        assertThat(doctor.code()).isEqualTo(2);
        assertThat(doctor.out()).contains("wrong  contamination", wrong, "ok     prompts        1 file, 1 prompt");

        write("set.csv", "question,answer\nHello there my friend,2\nyes,1\nWhat is a good name for a small boat?,3\n");
        write("prompts.jsonl", "{\"prompt\": \"Hello there, my friend!\", \"categories\": \"A\"}\n");
        assertThat(doctor("contamination.sets=" + at("set.csv")).out())
                .contains("ok     contamination  1 set, 2 questions to compare with by ngram13")
                .contains("set: 3 questions, 1 too short and not compared")
                .contains("ok     prompts        1 file, 1 prompt, 1 contaminated")
                .contains("is it the evaluation set itself?");
    }

    private CommandResult doctor(String setting) {
        return CommandResult.run("doctor", at("recipe.yaml"), "--work", at("w"), "--set", setting);
    }

    @Test
    void promptsWithoutACategoryBesideALongSpecification() throws IOException {
        write(
                "spec/terms.md",
                "## Terms {#a-terms}\n\n" + "Words. ".repeat(8_000) + "\n\n## Help {#a-help}\n\nHelp.\n");
        write("rows.jsonl", "{\"prompt\": \"Hello\"}\n{\"prompt\": \"b\", \"category\": \"a\"}\n");
        String[] parts = {"prompts.unlabelled: 1 of 2 prompts have no category", "about 14,0", "summary", "reject"};

        refused(run("--prompts", at("rows.jsonl")), parts);

        CommandResult doctor = CommandResult.run(
                "doctor",
                at("recipe.yaml"),
                "--work",
                at("w"),
                "--prompts",
                at("rows.jsonl"),
                "--set",
                "prompts.unlabelled=summary");
        assertThat(doctor.out())
                .contains(
                        "1 file, 2 prompts, 1 without a category (given the summary)",
                        "'category' read as categories (1); category 'a' read as 'A' (1)");
    }

    @Test
    void aRecipeInAnotherEncoding() throws IOException {
        for (Charset charset :
                List.of(StandardCharsets.ISO_8859_1, StandardCharsets.UTF_16, StandardCharsets.UTF_16LE)) {
            Files.write(folder.resolve("recipe.yaml"), "# déjà vu\nspec: ./spec\n".getBytes(charset));
            refused(run(), "recipe.yaml: not UTF-8 text; save it as UTF-8");
        }
    }

    @Test
    void aTableWithAnUnclosedQuote() throws IOException {
        write("open.csv", "prompt\nfine\n\"never\nclosed\n");
        refused(run("--prompts", at("open.csv")), "open.csv:3", "never closes it");
    }

    @Test
    void aFileThatIsNotParquet() throws IOException {
        write("none.parquet", "{\"prompt\": \"Hello there\"}\n");
        refused(run("--prompts", at("none.parquet")), "none.parquet: not a Parquet file");
    }

    @Test
    void aFileThatIsNotGzip() throws IOException {
        write("none.jsonl.gz", "{\"prompt\": \"Hello there\"}\n");
        refused(run("--prompts", at("none.jsonl.gz")), "none.jsonl.gz: not a gzip file");
    }

    @Test
    void aBucketUrlWithoutAnObject() {
        refused(run("--prompts", "s3://bucket"), "prompts.files: s3://bucket names no object");
    }

    @Test
    void aDuplicateClauseId() throws IOException {
        write("spec/more.md", "## Again {#a-help}\n\nText.\n");
        refused(run(), "a-help", "more.md", "terms.md");
    }

    @Test
    void aSpecificationWithoutCategories() throws IOException {
        write("spec/spec.yaml", "name: t\nprinciples: []\ncategories: []\n");
        refused(run(), "spec.yaml", "categor");
    }

    @Test
    void anUnknownKeyOfTheRecipe() {
        refused(run("--set", "judge.vots=3"), "judge.vots", "votes");
    }

    @Test
    void aModelWithoutAServer() {
        String why = "generator.model: big has no server; set generator.url (--model-url) too";
        refused(run("--model", "big"), why);
        refused(CommandResult.run("preview", at("recipe.yaml"), "--work", at("w"), "--model", "big"), why);
        CommandResult prompts = CommandResult.run("show-prompts", at("recipe.yaml"), "--model", "big");
        assertThat(prompts.code()).as(prompts.err()).isZero();
    }

    @Test
    void aThresholdOutOfRange() {
        refused(run("--threshold", "11"), "judge.threshold", "11", "0 to 10");
    }

    @Test
    void severalProblemsAtOnce() {
        refused(
                run("--threshold", "11", "--votes", "none", "--set", "sped=1"),
                "judge.threshold",
                "judge.votes",
                "sped");
    }

    @Test
    void aFolderThatCannotBeWritten() throws IOException {
        write("file", "not a folder");
        refused(runIn("file/work", "dataset"), "--work", "cannot be written");
        refused(runIn("work", "file/dataset"), "dataset", "cannot be written", "name a folder that can");
    }

    @Test
    void aModelUrlThatRefusesIsWorkLeftAfterTheWait() throws IOException {
        int port = freePort();
        CommandResult commandResult = run("--model-url", "http://127.0.0.1:" + port + "/v1", "--wait-model", "300ms");
        assertThat(commandResult.code()).as(commandResult.err()).isEqualTo(1);
        assertThat(commandResult.out() + commandResult.err()).contains("generator.url", String.valueOf(port));
    }

    @Test
    void aModelUrlThatAnswersHtml() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] page = "<html>hello</html>".getBytes(StandardCharsets.UTF_8);
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        server.start();
        try {
            refused(
                    run("--model-url", "http://127.0.0.1:" + server.getAddress().getPort() + "/v1"),
                    "generator.url",
                    "HTML");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aPortInUse() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            refused(run("--set", "embedded.port=" + taken.getLocalPort()), "embedded.port", "is in use");
        }
    }

    @Test
    void aWorkFolderOfAnotherRun() throws IOException {
        startRun();
        refused(run("--votes", "5", "--samples", "2"), "another run", "judge.votes was 3, is 5", "generator.samples");
    }

    @Test
    void aPromptFileThatChangedSinceTheRunStarted() throws IOException {
        startRun();
        write("prompts.jsonl", "{\"prompt\": \"Another one\", \"categories\": \"A\"}\n");
        refused(run(), "prompts.jsonl", "changed since the run started");
    }

    @Test
    void aWorkFolderInUse() {
        WorkFolder work = new WorkFolder(folder.resolve("work"));
        work.prepare();
        try (WorkFolder.Lock _ = work.lock()) {
            refused(run(), "in use");
        }
    }

    @Test
    void aReleaseOfNoDatasetOrWithAnUnknownView() {
        refused(
                CommandResult.run("release", "--dataset", folder.resolve("none").toString(), "--as", "v1"),
                "no dataset");
        refused(
                CommandResult.run("release", "--dataset", folder.toString(), "--as", "v1", "--views", "parquet"),
                "parquet",
                "sft");
    }

    @Test
    void aVerifyOfNoDataset() {
        refused(CommandResult.run("verify", folder.resolve("none").toString()), "no dataset");
        refused(CommandResult.run("verify", folder.resolve("none") + "@v1"), "no dataset");
    }

    @Test
    void aStatusOfNoWorkFolder() {
        refused(CommandResult.run("status", "--work", folder.resolve("none").toString()), "no such folder");
    }

    /** Starts a run that stops before its first record, because no model is ready. */
    private void startRun() throws IOException {
        CommandResult commandResult =
                run("--model-url", "http://127.0.0.1:" + freePort() + "/v1", "--wait-model", "1ms");
        assertThat(commandResult.code()).as(commandResult.err()).isEqualTo(1);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void aRecipeOfAConsoleThatTriesNoPrompts() {
        for (String[] more : List.of(
                new String[] {"--dataset", at("dataset"), "--read-only"},
                new String[] {"--dataset", at("dataset@v1")})) {
            List<String> args = new ArrayList<>(List.of("console", "--recipe", at("recipe.yaml")));
            args.addAll(List.of(more));
            refused(CommandResult.run(args.toArray(String[]::new)), "--recipe", "leave out --recipe");
        }
    }
}
