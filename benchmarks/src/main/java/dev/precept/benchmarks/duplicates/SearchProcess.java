package dev.precept.benchmarks.duplicates;

import com.dynatrace.hash4j.similarity.SimilarityHashPolicy;
import com.dynatrace.hash4j.similarity.SimilarityHashing;
import com.sun.management.OperatingSystemMXBean;
import dev.precept.benchmarks.process.ChildProtocol;
import dev.precept.text.Banding;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Searches the documents of a file: {@code FILE NAME}. Writes the pairs at each threshold into the file {@code
 * NAME-THRESHOLD} beside it and sends the nanoseconds that the search took, elapsed and of CPU time. A search of a part of
 * the documents comes first, for the compiler.
 */
public final class SearchProcess {
    public static final List<String> NAMES =
            List.of("precept", "hash4j_minhash", "hash4j_minhash_verified", "hash4j_superminhash_verified");

    private SearchProcess() {}

    public static void main(String[] args) throws IOException {
        Path file = Path.of(args[0]);
        List<String> texts = Files.readAllLines(file).stream()
                .map(line -> line.substring(line.indexOf('\t') + 1))
                .toList();
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        search(args[1], PlantedCorpus.LEVELS.getLast(), texts.subList(0, texts.size() / 4));
        for (double threshold : PlantedCorpus.LEVELS) {
            System.gc();
            long cpu = system.getProcessCpuTime();
            long start = System.nanoTime();
            List<GreedySearch.Match> matches = search(args[1], threshold, texts);
            long elapsed = System.nanoTime() - start;
            long used = system.getProcessCpuTime() - cpu;
            Files.write(
                    file.resolveSibling(args[1] + "-" + threshold),
                    matches.stream()
                            .map(match -> match.earlier() + " " + match.later())
                            .toList());
            ChildProtocol.send("searched", threshold + " " + elapsed + " " + used);
        }
    }

    private static List<GreedySearch.Match> search(String name, double threshold, List<String> texts) {
        Banding banding = Banding.of(threshold);
        return new GreedySearch(signer(name, banding), threshold, (long) banding.bands() * texts.size()).find(texts);
    }

    /** A signer of {@link #NAMES}. */
    public static DocumentSigner signer(String name, Banding banding) {
        SimilarityHashPolicy policy = name.contains("super")
                ? SimilarityHashing.superMinHash(Banding.VALUES, Hash4jSigner.COMPONENT_BITS)
                : SimilarityHashing.minHash(Banding.VALUES, Hash4jSigner.COMPONENT_BITS);
        return name.equals("precept")
                ? new PreceptSigner(banding)
                : new Hash4jSigner(policy, banding, name.endsWith("_verified"));
    }
}
