package dev.precept.benchmarks.duplicates;

import dev.precept.benchmarks.process.ChildProtocol;
import dev.precept.benchmarks.process.ResourceUsage;
import dev.precept.text.Banding;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Signs the same documents on one thread with the signer of each command: {@code DOCUMENTS WORDS}. */
public final class SigningProcess {
    public static final List<String> NAMES = List.of("precept", "hash4j_minhash", "hash4j_superminhash");
    private static final double THRESHOLD = 0.8;
    private static final long SEED = 53;

    private SigningProcess() {}

    public static void main(String[] args) {
        DocumentSource source = new DocumentSource(SEED);
        List<String> texts = IntStream.range(0, Integer.parseInt(args[0]))
                .mapToObj(_ -> source.prose(Integer.parseInt(args[1])))
                .toList();
        Map<String, Runnable> commands = new LinkedHashMap<>();
        for (String name : NAMES) {
            DocumentSigner signer = SearchProcess.signer(name, Banding.of(THRESHOLD));
            commands.put(name, () -> measure(name, signer, texts));
        }
        ChildProtocol.handle(commands);
        ChildProtocol.send("ready", texts.stream().mapToLong(String::length).sum() / texts.size());
    }

    private static void measure(String name, DocumentSigner signer, List<String> texts) {
        long cpu = ResourceUsage.threadCpuNanos();
        long start = System.nanoTime();
        long bands = 0;
        for (String text : texts) {
            bands += signer.sign(text).bands().length;
        }
        ChildProtocol.send(
                name, System.nanoTime() - start + " " + (ResourceUsage.threadCpuNanos() - cpu) + " " + bands);
    }
}
