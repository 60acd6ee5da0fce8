package dev.precept.judging;

import dev.precept.records.Candidate;
import dev.precept.records.CitationScreen;
import dev.precept.records.Completion;
import dev.precept.records.GenerationTask;
import dev.precept.records.Generator;
import dev.precept.records.JudgingTask;
import dev.precept.records.LeakScreen;
import dev.precept.records.Message;
import dev.precept.records.Origin;
import dev.precept.records.PersonalScreen;
import dev.precept.records.Prompt;
import dev.precept.records.RunParameters;
import dev.precept.records.SlotRef;
import dev.precept.records.SpecBundle;
import dev.precept.records.Usage;
import dev.precept.spec.SpecFolder;
import dev.precept.spec.Specification;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A specification of two clauses, and tasks for it with one vote. */
public record TaskFixture(Specification specification) {
    public static TaskFixture in(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("clauses.md"), """
                # House {#house}
                ## Be kind {#kind}
                Be kind to all who ask.
                ## Fraud {#fraud-1}
                Explain how fraud is noticed.
                """);
        Files.writeString(folder.resolve("spec.yaml"), """
                name: small
                principles: [kind]
                categories:
                  - {name: fraud, summary: About fraud., clauses: [fraud-1]}
                """);
        return new TaskFixture(SpecFolder.load(folder));
    }

    public SpecBundle bundle() {
        return new SpecBundle(specification.version(), new String(specification.compile(), StandardCharsets.UTF_8));
    }

    /** @param tools of the prompt, as JSON */
    public GenerationTask generation(String id, String question, @Nullable String tools) {
        Origin origin = new Origin("a.jsonl", "1", 1L);
        Prompt prompt = Prompt.newBuilder()
                .setPromptId(id)
                .setOrigin(origin)
                .setMessages(List.of(Message.newBuilder()
                        .setRole("user")
                        .setContent(question)
                        .build()))
                .setTools(tools)
                .setCategories(List.of("fraud"))
                .setSpecVersion(specification.version())
                .setSpecExcerptSha256(specification.excerpt(List.of("fraud")).sha256())
                .setRunParameters(new RunParameters(
                        1,
                        2,
                        1,
                        8.0,
                        true,
                        512,
                        LeakScreen.REPORT,
                        CitationScreen.REPORT,
                        null,
                        PersonalScreen.OFF,
                        0.0,
                        false))
                .build();
        return new GenerationTask(new SlotRef("run-1", id, origin, 0, 1, 1), prompt, 512, null);
    }

    public JudgingTask judging(String id, String question) {
        return new JudgingTask(
                Candidate.newBuilder()
                        .setTask(generation(id, question, null))
                        .setGenerator(Generator.newBuilder()
                                .setModel("faulty-1")
                                .setEndpoint("http://127.0.0.1:1/v1")
                                .setTemplate("generate/1")
                                .setParams("{}")
                                .setSeed(1L)
                                .setUsage(new Usage(1L, 1L, 0L, 0L))
                                .setAttempts(1)
                                .build())
                        .setOutcome(Completion.newBuilder()
                                .setFinishReason("stop")
                                .setReasoning("Because [fraud-1] says so.")
                                .setAnswer("Look at the sender.")
                                .setCitedClauses(List.of("fraud-1"))
                                .build())
                        .setCreatedAt(Instant.EPOCH)
                        .build(),
                1,
                false);
    }
}
