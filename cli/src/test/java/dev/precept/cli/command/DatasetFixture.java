package dev.precept.cli.command;

import dev.precept.content.Sha256;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.chain.Chain;
import dev.precept.dataset.chain.ChainId;
import dev.precept.dataset.chain.Commit;
import dev.precept.dataset.parquet.ParquetFiles;
import dev.precept.records.Dedup;
import dev.precept.records.Generator;
import dev.precept.records.Message;
import dev.precept.records.Outcome;
import dev.precept.records.Reason;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.records.Seq;
import dev.precept.records.Source;
import dev.precept.records.Stage;
import dev.precept.records.Usage;
import dev.precept.records.Vote;
import dev.precept.schemas.ContentId;
import dev.precept.schemas.SlotId;
import dev.precept.schemas.TrustedRecords;
import dev.precept.store.LocalStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.apache.parquet.hadoop.ParquetWriter;
import org.jspecify.annotations.Nullable;

/** A dataset of one run with one partition, written without a broker, for commands that read. */
final class DatasetFixture {
    private static final String RUN = "run-1";

    static {
        TrustedRecords.trust();
    }

    private final Path folder;
    private final Path draft;
    private final Dataset dataset;
    private final LocalStore store;

    DatasetFixture(Path folder) throws IOException {
        this.folder = folder;
        this.draft = folder.resolveSibling("draft.parquet");
        this.dataset = Dataset.open(folder, 1);
        this.store = LocalStore.open(folder);
        dataset.register(RUN, "{}", Map.of("samples", "topic-s", "rejections", "topic-r"));
    }

    Path folder() {
        return folder;
    }

    /** Commits samples {@code from} to {@code to} at these offsets. */
    void samples(int from, int to) throws IOException {
        samples(from, to, sample -> sample);
    }

    /** As {@link #samples(int, int)}, with other values. */
    void samples(int from, int to, UnaryOperator<Sample> edit) throws IOException {
        try (ParquetWriter<Sample> writer = ParquetFiles.writer(draft, Sample.getClassSchema())) {
            for (int n = from; n < to; n++) {
                writer.write(edit.apply(sample(n)));
            }
        }
        commit(new ChainId("samples", "topic-s", 0), from, to);
    }

    /** Commits rejections at the first offsets, before {@link #complete}. */
    void rejections(List<Rejection> rows) throws IOException {
        try (ParquetWriter<Rejection> writer = ParquetFiles.writer(draft, Rejection.getClassSchema())) {
            for (Rejection row : rows) {
                writer.write(row);
            }
        }
        commit(new ChainId("rejections", "topic-r", 0), 0, rows.size());
    }

    /** Commits the file that was written. */
    private void commit(ChainId chain, long from, long to) throws IOException {
        ParquetFiles.FileSummary fileSummary = ParquetFiles.check(draft);
        String key = chain.dataKey(from, to, fileSummary.sha256());
        store.createIfAbsent(key, draft);
        Files.delete(draft);
        append(chain, from, to, key, fileSummary, List.of());
    }

    /** A failed attempt of a slot, or with an end its rejection. */
    static Rejection rejection(int n, int attempt, Reason reason, String detail, boolean end) {
        String promptId = Sha256.hex("prompt " + n);
        Rejection.Builder rejection = Rejection.newBuilder()
                .setOutcome(Outcome.REJECTED)
                .setReason(reason)
                .setTerminal(end)
                .setStage(Stage.JUDGING)
                .setDetail(detail)
                .setRunId(RUN)
                .setPromptId(promptId)
                .setSlotId(SlotId.of(promptId, 0))
                .setSlot(0)
                .setAttempt(attempt)
                .setMessages(List.of(Message.newBuilder()
                        .setRole("user")
                        .setContent("Question " + n)
                        .build()))
                .setCategory(List.of(n % 2 == 0 ? "privacy" : "billing"))
                .setSource(Source.newBuilder()
                        .setUri("prompts.jsonl")
                        .setId("p" + n)
                        .setLine(n + 1)
                        .build());
        if (!end) {
            rejection
                    .setReasoning("Failed thought " + n + "." + attempt)
                    .setAnswer("Failed answer " + n + "." + attempt)
                    .setCitedClauses(List.of("clause-" + n))
                    .setJudge(List.of(vote(new Usage(10L, 20L, 5L, 0L))))
                    .setJudgeMin((double) n);
        }
        return rejection.build();
    }

    /** Commits the last record of the run on every chain. */
    void complete(int samples) throws IOException {
        ParquetFiles.FileSummary none = new ParquetFiles.FileSummary(0, 0, "");
        append(new ChainId("samples", "topic-s", 0), samples, samples + 1, null, none, List.of(RUN));
        append(new ChainId("rejections", "topic-r", 0), 0, 1, null, none, List.of(RUN));
    }

    private void append(
            ChainId chain,
            long from,
            long to,
            @Nullable String key,
            ParquetFiles.FileSummary fileSummary,
            List<String> completed)
            throws IOException {
        String id = UUID.randomUUID().toString();
        Commit commit = new Commit(
                id,
                dataset.id(),
                chain.topic(),
                chain.topicId(),
                chain.partition(),
                from,
                to,
                key,
                fileSummary.rows(),
                fileSummary.bytes(),
                key == null ? null : fileSummary.sha256(),
                completed,
                0);
        new Chain(store, chain).append(commit);
    }

    /** Texts of different numbers are not similar. */
    private static String text(String kind, int n) {
        return kind + " " + n + " " + Sha256.hex(kind + n).replaceAll("[0-9]", " ");
    }

    private static Sample sample(int n) {
        String promptId = Sha256.hex("prompt " + n);
        List<Message> messages = List.of(
                Message.newBuilder()
                        .setRole("user")
                        .setContent(text("Question", n))
                        .build(),
                Message.newBuilder()
                        .setRole("assistant")
                        .setContent("Answer " + n)
                        .setReasoningContent(text("Thought", n))
                        .build());
        Usage usage = new Usage(10L, 20L, 5L, 0L);
        return Sample.newBuilder()
                .setSampleId(SlotId.sampleId(RUN, SlotId.of(promptId, 0)))
                .setRunId(RUN)
                .setPromptId(promptId)
                .setSlot(0)
                .setAttempt(1)
                .setMessages(messages)
                .setReasoning(text("Thought", n))
                .setAnswer("Answer " + n)
                .setCategory(List.of("privacy"))
                .setSpecVersion("spec-1")
                .setSpecExcerptSha256(Sha256.hex("excerpt"))
                .setCitedClauses(List.of())
                .setJudge(List.of(vote(usage)))
                .setJudgeMin(9)
                .setGenerator(Generator.newBuilder()
                        .setModel("small-model")
                        .setEndpoint("http://127.0.0.1:9/v1")
                        .setTemplate("generate-1")
                        .setParams("{}")
                        .setSeed(n)
                        .setFinishReason("stop")
                        .setUsage(usage)
                        .setAttempts(1)
                        .build())
                .setDedup(Dedup.newBuilder()
                        .setContentHash(ContentId.ofSample(messages, null))
                        .setBands(List.of())
                        .setSeq(new Seq((long) n, 0, 0))
                        .build())
                .setSource(Source.newBuilder()
                        .setUri("prompts.jsonl")
                        .setId("p" + n)
                        .setLine(n + 1)
                        .build())
                .setCreatedAt(Instant.ofEpochMilli(1_700_000_000_000L + n))
                .build();
    }

    private static Vote vote(Usage usage) {
        return Vote.newBuilder()
                .setVote(1)
                .setCalls(1)
                .setScore(9)
                .setCriteria(Map.of())
                .setReason("sound")
                .setModel("judge-model")
                .setEndpoint("http://127.0.0.1:9/v1")
                .setTemplate("judge-1")
                .setSeed(1)
                .setUsage(usage)
                .build();
    }
}
