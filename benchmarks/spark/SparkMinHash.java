import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.HashingTF;
import org.apache.spark.ml.feature.MinHashLSH;
import org.apache.spark.ml.feature.MinHashLSHModel;
import org.apache.spark.ml.feature.NGram;
import org.apache.spark.ml.feature.Tokenizer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Searches a file of documents, {@code NUMBER<tab>TEXT} a line, with Spark's MinHashLSH on one thread: {@code FILE
 * THRESHOLD...}. Writes the pairs into {@code spark-THRESHOLD} beside it and prints {@code searched THRESHOLD NANOSECONDS CPU_NANOSECONDS}.
 * The fewest hash tables are used whose recall at the threshold is 0.98.
 */
public class SparkMinHash {
    private static final double RECALL = 0.98;
    private static final int FEATURES = 1 << 30;

    public static void main(String[] args) throws Exception {
        Path file = Path.of(args[0]);
        SparkSession spark = SparkSession.builder()
                .master("local[1]")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.shuffle.partitions", "8")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.local.dir", file.getParent().toString())
                .getOrCreate();
        Dataset<Row> documents = spark.read()
                .option("sep", "\t")
                .option("quote", "")
                .schema("id INT, text STRING")
                .csv(file.toString())
                .cache();
        documents.count();
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        search(documents.limit((int) documents.count() / 20), 0.9, tables(0.9));
        for (int i = 1; i < args.length; i++) {
            double threshold = Double.parseDouble(args[i]);
            int tables = tables(threshold);
            System.gc();
            long cpu = system.getProcessCpuTime();
            long start = System.nanoTime();
            List<Row> pairs = search(documents, threshold, tables);
            long elapsed = System.nanoTime() - start;
            long used = system.getProcessCpuTime() - cpu;
            List<String> lines = new ArrayList<>();
            for (Row pair : pairs) {
                lines.add(pair.getInt(0) + " " + pair.getInt(1));
            }
            Files.write(file.resolveSibling("spark-" + threshold), lines);
            System.out.println("searched " + threshold + " " + elapsed + " " + used);
        }
        spark.stop();
    }

    /** A table holds one MinHash value. */
    private static int tables(double threshold) {
        return (int) Math.ceil(Math.log(1 - RECALL) / Math.log(1 - threshold));
    }

    private static List<Row> search(Dataset<Row> documents, double threshold, int tables) {
        Dataset<Row> vectors = new Pipeline()
                .setStages(new PipelineStage[] {
                    new Tokenizer().setInputCol("text").setOutputCol("words"),
                    new NGram().setN(5).setInputCol("words").setOutputCol("shingles"),
                    new HashingTF().setBinary(true).setNumFeatures(FEATURES).setInputCol("shingles").setOutputCol("set")
                })
                .fit(documents)
                .transform(documents)
                .select("id", "set");
        MinHashLSHModel model = new MinHashLSH()
                .setSeed(1)
                .setNumHashTables(tables)
                .setInputCol("set")
                .setOutputCol("hashes")
                .fit(vectors);
        double distance = 1 - threshold + 1e-9; // the join takes distances below
        return model.approxSimilarityJoin(vectors, vectors, distance, "distance")
                .selectExpr("datasetA.id AS one", "datasetB.id AS other")
                .where("one < other")
                .collectAsList();
    }
}
