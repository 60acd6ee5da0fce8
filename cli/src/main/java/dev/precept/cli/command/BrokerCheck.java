package dev.precept.cli.command;

import dev.precept.cli.run.RunRecipe;
import dev.precept.kafka.ClusterFeatures;
import dev.precept.kafka.EmbeddedBroker;
import dev.precept.kafka.KafkaAccess;
import dev.precept.kafka.SchemaFile;
import dev.precept.schemas.Namespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** Checks for {@code doctor} that the embedded broker starts, or that the cluster of the recipe answers and fits. */
final class BrokerCheck {
    private static final int TIMEOUT_MILLIS = 5_000;

    private BrokerCheck() {}

    /** Returns a summary; throws what is wrong. */
    static String check(RunRecipe recipe) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("precept-doctor");
        try {
            Map<String, String> settings =
                    new LinkedHashMap<>(recipe.deploymentSettings().kafka());
            String configured = settings.get(KafkaAccess.BOOTSTRAP);
            if (configured == null) {
                try (EmbeddedBroker broker = EmbeddedBroker.start(folder, recipe.port())) {
                    return "embedded, starts at " + broker.address();
                }
            }
            Namespace any = new Namespace("doctor");
            settings.computeIfAbsent(KafkaAccess.REGISTRY, url -> SchemaFile.seed(folder.resolve("schemas.json"), any));
            ClusterFeatures.requireTransactions(KafkaAccess.fromSettings(any, 1, settings), TIMEOUT_MILLIS);
            return configured + " answers";
        } finally {
            try (Stream<Path> left = Files.walk(folder)) {
                for (Path file : left.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
