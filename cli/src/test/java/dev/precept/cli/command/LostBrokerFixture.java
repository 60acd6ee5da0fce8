package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.cli.run.ModelReadiness;
import dev.precept.cli.run.RecipeFile;
import dev.precept.cli.run.RunExecution;
import dev.precept.cli.run.RunPlan;
import dev.precept.config.Recipe;
import dev.precept.model.mock.FaultInjection;
import dev.precept.records.Message;
import dev.precept.runtime.ExitCode;
import dev.precept.runtime.WorkFolder;
import dev.precept.schemas.ContentId;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import dev.precept.testkit.Oracle;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Two runs of a part of the starter with duplicate prompts and an invalid line: {@code calm} is undisturbed, {@code lost}
 * is stopped half way and loses Kafka. The response cache is off, so that a repeated call is counted.
 */
final class LostBrokerFixture implements AutoCloseable {
    static final int PROMPTS = 14;
    static final int SAMPLES = 2;

    private static final Path ROOT =
            Path.of(System.getProperty("precept.root", ".")).toAbsolutePath();
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Of about 110 responses. */
    private static final int HALF = 60;

    private final Path folder;
    private final CallCountingModel model;

    private LostBrokerFixture(Path folder, CallCountingModel model) {
        this.folder = folder;
        this.model = model;
    }

    /** A sample without its run id. */
    record AcceptedSlot(String promptId, int slot, String reasoning, String answer) {}

    /** A slot that ended without a sample. */
    record FailedSlot(String slotId, String reason) {}

    static LostBrokerFixture create(Path folder) throws IOException, InterruptedException {
        List<String> prompts = new ArrayList<>(Files.readAllLines(ROOT.resolve("starter/prompts/starter.jsonl"))
                .subList(0, PROMPTS));
        prompts.add(prompts.get(1).replace("illicit-02", "illicit-02 again"));
        prompts.add("no prompt");
        Files.write(folder.resolve("some.jsonl"), prompts);
        LostBrokerFixture story = new LostBrokerFixture(folder, CallCountingModel.start(FaultInjection.none()));
        CommandResult calm = story.command("run", "calm");
        assertThat(calm.code()).as(calm.out() + calm.err()).isZero();
        story.runHalfWay();
        story.deleteLastCommits();
        delete(story.work("lost").resolve("kafka"));
        return story;
    }

    CallCountingModel model() {
        return model;
    }

    /** The message texts of all model requests. */
    List<String> requestTexts() throws IOException {
        List<String> texts = new ArrayList<>();
        for (String body : model.bodies()) {
            texts.add(JSON.readTree(body)
                    .path("messages")
                    .valueStream()
                    .map(message -> message.path("content").asText())
                    .collect(Collectors.joining("\n")));
        }
        return texts;
    }

    /** The model fails after some responses; the run is stopped when their results are committed. */
    private void runHalfWay() throws IOException, InterruptedException {
        Recipe recipe = RecipeFile.read(ROOT.resolve("starter/recipe.yaml"));
        recipe.override("prompts.files", List.of(folder.resolve("some.jsonl").toString()));
        recipe.overrideText("generator.url", model.url());
        recipe.overrideText("judge.url", model.url());
        recipe.override("generator.samples", String.valueOf(SAMPLES));
        // Some slots complete before others start: with more calls at once, every slot may have a vote and none its
        // third.
        recipe.override("generator.concurrency", "4");
        recipe.override("judge.concurrency", "4");
        recipe.override("cache", "false");
        recipe.overrideText("dataset", dataset("lost").toString());
        WorkFolder work = new WorkFolder(work("lost"));
        work.prepare();
        try (WorkFolder.Lock _ = work.lock()) {
            RunExecution runExecution = new RunExecution(
                    RunPlan.make(recipe, work),
                    false,
                    new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
                    OptionalInt::empty);
            CompletableFuture<ExitCode> ended = new CompletableFuture<>();
            model.answerOnly(HALF);
            Thread.ofPlatform().start(() -> {
                try {
                    ended.complete(runExecution.execute(new ModelReadiness(Duration.ofSeconds(10), System.err)));
                } catch (IOException | InterruptedException | RuntimeException e) {
                    ended.completeExceptionally(e);
                }
            });
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> ended.isDone()
                            || (model.fails()
                                    && Files.exists(dataset("lost").resolve("log"))
                                    && chains(Topics.SAMPLES).size() > 2
                                    && samples("lost").size() > 4));
            runExecution.stop();
            assertThat(ended.join()).isEqualTo(ExitCode.WORK_LEFT);
        } finally {
            model.answerAll();
        }
    }

    /** Deletes the last commit of one chain of each topic, as if the sink had lagged. The other chains stay as they are. */
    private void deleteLastCommits() throws IOException {
        for (Topic<?> topic : List.of(Topics.SAMPLES, Topics.REJECTIONS)) {
            List<Path> chains = chains(topic);
            if (chains.size() > 1) {
                Files.delete(below(chains.getLast()).getLast());
            }
        }
    }

    private List<Path> chains(Topic<?> topic) {
        return below(dataset("lost").resolve("log")).stream()
                .filter(chain -> chain.getFileName().toString().startsWith(topic.name()))
                .toList();
    }

    /** The texts of the prompts whose slots are all terminal. */
    Set<String> ended() throws IOException {
        Map<String, Integer> slots = new TreeMap<>();
        samples("lost").forEach(acceptedSlot -> slots.merge(acceptedSlot.promptId(), 1, Integer::sum));
        new Oracle(dataset("lost"))
                .committedRejections().stream()
                        .filter(rejection -> !rejection.reason().equals("DUPLICATE_PROMPT"))
                        .forEach(rejection -> slots.merge(rejection.promptId(), 1, Integer::sum));
        Set<String> words = new HashSet<>();
        for (String line : Files.readAllLines(folder.resolve("some.jsonl")).subList(0, PROMPTS)) {
            JsonNode prompt = JSON.readTree(line);
            if (slots.getOrDefault(promptId(prompt), 0) == SAMPLES) {
                words.add(text(prompt));
            }
        }
        return words;
    }

    private static String text(JsonNode prompt) {
        return prompt.path("prompt").asText();
    }

    private static String promptId(JsonNode prompt) {
        return ContentId.ofPrompt(
                List.of(Message.newBuilder()
                        .setRole("user")
                        .setContent(text(prompt))
                        .build()),
                null);
    }

    JsonNode progress(String name) throws IOException {
        CommandResult commandResult =
                CommandResult.run("status", "--json", "--work", work(name).toString());
        assertThat(commandResult.code()).as(commandResult.err()).isZero();
        return JSON.readTree(commandResult.out());
    }

    CommandResult command(String command, String name, String... more) {
        List<String> args = new ArrayList<>(List.of(
                command,
                ROOT.resolve("starter/recipe.yaml").toString(),
                "--prompts",
                folder.resolve("some.jsonl").toString(),
                "--model-url",
                model.url(),
                "--no-cache",
                "--samples",
                String.valueOf(SAMPLES),
                "--work",
                work(name).toString(),
                "--dataset",
                dataset(name).toString()));
        args.addAll(List.of(more));
        return CommandResult.run(args.toArray(String[]::new));
    }

    Path work(String name) {
        return folder.resolve(name).resolve("work");
    }

    Path dataset(String name) {
        return folder.resolve(name).resolve("dataset");
    }

    List<AcceptedSlot> samples(String name) {
        return made(new Oracle(dataset(name)).committedSamples());
    }

    static List<AcceptedSlot> made(List<Oracle.KeptSample> samples) {
        return samples.stream()
                .map(keptSample -> new AcceptedSlot(
                        keptSample.promptId(), keptSample.slot(), keptSample.reasoning(), keptSample.answer()))
                .toList();
    }

    List<FailedSlot> rejections(String name) {
        return new Oracle(dataset(name))
                .committedRejections().stream()
                        .map(rejection -> new FailedSlot(rejection.slotId(), rejection.reason()))
                        .toList();
    }

    static List<Path> below(Path root) {
        try (Stream<Path> files = Files.list(root)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void delete(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Override
    public void close() {
        model.close();
    }
}
