package dev.precept.evaluation.compare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.config.ConfigurationException;
import dev.precept.config.FileErrors;
import dev.precept.content.Sha256;
import dev.precept.dataset.parquet.ParquetFiles;
import dev.precept.evaluation.gpqa.GpqaEvaluation;
import dev.precept.evaluation.safety.SafetyEvaluation;
import dev.precept.evaluation.safety.SafetyRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A result as it lies in a folder.
 *
 * @param scores from 0 to 1, by question; not a number for one that does not count
 */
record EvaluationResult(Path folder, JsonNode json, Map<RowKey, Double> scores) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @throws ConfigurationException if the folder holds no result */
    static EvaluationResult read(Path folder) {
        try {
            if (Files.exists(folder.resolve(GpqaEvaluation.RESULT))) {
                return new EvaluationResult(folder, json(folder, GpqaEvaluation.RESULT), gpqa(folder));
            }
            if (Files.exists(folder.resolve(SafetyEvaluation.RESULT))) {
                return new EvaluationResult(folder, json(folder, SafetyEvaluation.RESULT), safety(folder));
            }
        } catch (JsonProcessingException e) {
            throw new ConfigurationException(folder + ": its JSON is damaged; run the evaluation again");
        } catch (ConfigurationException e) {
            throw e;
        } catch (IOException e) {
            throw new ConfigurationException(
                    folder + ": its answers cannot be read (" + FileErrors.describe(e) + "); run the evaluation again");
        } catch (RuntimeException e) { // what Parquet throws for a damaged file
            throw new ConfigurationException(
                    folder + ": its answers cannot be read (answers.parquet is damaged); run the evaluation again");
        }
        throw new ConfigurationException(folder + ": holds no evaluation" + efforts(folder));
    }

    private static String efforts(Path folder) {
        if (!Files.isDirectory(folder)) {
            return "; there is no such folder";
        }
        try (Stream<Path> below = Files.list(folder)) {
            List<String> efforts = below.filter(path -> Files.exists(path.resolve(GpqaEvaluation.RESULT))
                            || Files.exists(path.resolve(SafetyEvaluation.RESULT)))
                    .map(Path::toString)
                    .sorted()
                    .toList();
            return efforts.isEmpty()
                    ? "; give the --out of 'precept eval'"
                    : "; name one effort: " + String.join(", ", efforts);
        } catch (IOException e) {
            return " (" + FileErrors.describe(e) + ")";
        }
    }

    private static JsonNode json(Path folder, String name) throws IOException {
        JsonNode json = JSON.readTree(Files.readAllBytes(folder.resolve(name)));
        if (json == null || !json.isObject()) {
            throw new ConfigurationException(folder + ": its JSON is damaged; run the evaluation again");
        }
        return json;
    }

    /** The share of right answers to each question. */
    private static Map<RowKey, Double> gpqa(Path folder) throws IOException {
        Map<RowKey, double[]> sums = new TreeMap<>();
        ParquetFiles.readColumns(
                folder.resolve(GpqaEvaluation.ANSWERS), GpqaEvaluation.SCHEMA, List.of("row", "correct"), texts -> {
                    double[] sum = sums.computeIfAbsent(
                            new RowKey("", Integer.parseInt(texts.get(0)), "", "", ""), _ -> new double[2]);
                    sum[0] += texts.get(1).equals("true") ? 1 : 0;
                    sum[1]++;
                });
        Map<RowKey, Double> scores = new TreeMap<>();
        sums.forEach((key, sum) -> scores.put(key, sum[0] / sum[1]));
        return scores;
    }

    private static Map<RowKey, Double> safety(Path folder) throws IOException {
        Map<RowKey, Double> scores = new TreeMap<>();
        ParquetFiles.readColumns(
                folder.resolve(SafetyEvaluation.ANSWERS),
                SafetyRow.SCHEMA,
                SafetyRow.COMPARED,
                texts -> scores.put(
                        new RowKey(
                                texts.get(0),
                                Integer.parseInt(texts.get(1)),
                                texts.get(2),
                                texts.get(3),
                                Sha256.hex(texts.get(5) + "\n" + texts.get(6))),
                        texts.get(4).equals("null") ? Double.NaN : Double.parseDouble(texts.get(4))));
        return scores;
    }

    String suite() {
        return json.path("suite").asText();
    }

    void requireComplete() {
        if (!json.path("complete").asBoolean()) {
            throw new ConfigurationException(folder + ": not complete, "
                    + json.path("counts").path("open").asInt()
                    + " questions are open; finish it with the same 'precept eval'");
        }
    }
}
