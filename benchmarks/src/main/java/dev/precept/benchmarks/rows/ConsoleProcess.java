package dev.precept.benchmarks.rows;

import dev.precept.benchmarks.process.ChildProtocol;
import dev.precept.console.Console;
import dev.precept.console.ConsoleSettings;
import dev.precept.dataset.Audit;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.chain.Chain;
import dev.precept.dataset.chain.ChainId;
import dev.precept.dataset.chain.Commit;
import dev.precept.dataset.parquet.ParquetFiles;
import dev.precept.records.ResponseStyle;
import dev.precept.records.Sample;
import dev.precept.records.Vote;
import dev.precept.schemas.Topics;
import dev.precept.store.location.StoreLocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.apache.parquet.hadoop.ParquetWriter;

/** Fills a dataset with rows of different columns, or shows it. */
public final class ConsoleProcess {
    private static final Map<String, String> TOPIC_IDS =
            Map.of(Topics.SAMPLES.name(), "topic-s", Topics.REJECTIONS.name(), "topic-r");
    private static final String RUN = "run-1";
    private static final int COMMIT = 25_000;
    private static final int CATEGORIES = 30;
    private static final int CLAUSES = 400;
    private static final int SOURCES = 12;
    private static final List<ResponseStyle> STYLES =
            List.of(ResponseStyle.COMPLY, ResponseStyle.REFUSE, ResponseStyle.SAFE_COMPLETE);

    private ConsoleProcess() {}

    /** @param args {@code fill FOLDER ROWS}, or {@code serve FOLDER} */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path folder = Path.of(args[1]);
        if (args[0].equals("fill")) {
            ChildProtocol.send("done", fill(folder, Integer.parseInt(args[2])));
        } else {
            serve(folder);
        }
    }

    private static long fill(Path folder, int rows) throws IOException {
        Dataset dataset = Dataset.open(folder.resolve("dataset"), 1);
        dataset.register(RUN, "{}", TOPIC_IDS);
        ChainId samples = new ChainId(Topics.SAMPLES.name(), TOPIC_IDS.getOrDefault(Topics.SAMPLES.name(), ""), 0);
        SampleRows source = new SampleRows();
        long bytes = 0;
        for (int from = 0; from < rows; from += COMMIT) {
            int to = Math.min(rows, from + COMMIT);
            Path file = folder.resolve("commit.parquet");
            try (ParquetWriter<Sample> writer = ParquetFiles.quickWriter(file, Sample.getClassSchema())) {
                for (int n = from; n < to; n++) {
                    writer.write(vary(source.of(n), n));
                }
            }
            ParquetFiles.FileSummary summary = ParquetFiles.check(file);
            String key = samples.dataKey(from, to, summary.sha256());
            boolean _ = dataset.store().createIfAbsent(key, file);
            Files.delete(file);
            bytes += summary.bytes();
            Chain.AppendResult _ = new Chain(dataset.store(), samples)
                    .append(new Commit(
                            "commit-" + from,
                            dataset.id(),
                            samples.topic(),
                            samples.topicId(),
                            samples.partition(),
                            from,
                            to,
                            key,
                            summary.rows(),
                            summary.bytes(),
                            summary.sha256(),
                            List.of(),
                            0));
        }
        return bytes;
    }

    /** Every filter has rows; one row in 10,000 is alone in its category. */
    private static Sample vary(Sample sample, int n) {
        int hash = (int) ((n * 2_654_435_761L) >>> 7) & Integer.MAX_VALUE;
        sample.setCategory(List.of(n % 10_000 == 17 ? "rare" : "category-" + hash % CATEGORIES));
        sample.setResponseStyle(STYLES.get(hash % 3));
        sample.setCitedClauses(List.of("clause-" + hash % CLAUSES, "clause-" + hash / CLAUSES % CLAUSES));
        sample.getSource().setName("source-" + hash % SOURCES);
        for (Vote vote : sample.getJudge()) {
            vote.setScore(vote.getVote() == 1 && hash % 50 == 0 ? 5 : vote.getScore());
        }
        return sample;
    }

    private static void serve(Path folder) throws InterruptedException {
        StoreLocation location = new StoreLocation.Folder(folder.resolve("dataset"));
        Console console = Console.open(
                new ConsoleSettings("127.0.0.1", 0, Optional.empty(), Optional.empty(), true),
                "a benchmark",
                Optional.of(new Console.Shown(
                        Dataset.openReadOnly(location),
                        location,
                        Optional.empty(),
                        who -> new Audit.Principal("", "", who))),
                List.of());
        ChildProtocol.send("serves", console.url());
        new CountDownLatch(1).await();
    }
}
