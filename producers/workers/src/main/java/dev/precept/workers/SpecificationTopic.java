package dev.precept.workers;

import dev.precept.judging.SpecificationSource;
import dev.precept.kafka.CompactedTopic;
import dev.precept.kafka.KafkaAccess;
import dev.precept.records.SpecBundle;
import dev.precept.schemas.Topics;
import dev.precept.spec.Specification;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Reads compiled specifications from their topic when a task first needs them. Thread-safe. */
final class SpecificationTopic implements SpecificationSource, AutoCloseable {
    private static final Duration POLL_INTERVAL = Duration.ofMillis(200);

    private final Map<String, Specification> known = new ConcurrentHashMap<>();
    private final CompactedTopic<SpecBundle> bundles;

    SpecificationTopic(KafkaAccess kafka) {
        this.bundles = new CompactedTopic<>(kafka, Topics.SPECS);
    }

    @Override
    public Specification awaitVersion(String version) throws InterruptedException {
        while (true) {
            Specification specification = known.get(version);
            if (specification != null) {
                return specification;
            }
            if (!refresh(version)) {
                Thread.sleep(POLL_INTERVAL);
            }
        }
    }

    private synchronized boolean refresh(String version) {
        if (known.containsKey(version)) {
            return true;
        }
        for (SpecBundle bundle : bundles.readToEnd().values()) {
            known.computeIfAbsent(bundle.getSpecVersion(), v -> compile(bundle));
        }
        return known.containsKey(version);
    }

    private static Specification compile(SpecBundle bundle) {
        Specification specification = Specification.fromBundle(bundle.getBundle());
        if (!specification.version().equals(bundle.getSpecVersion())) {
            throw new IllegalStateException("the specification published as " + bundle.getSpecVersion()
                    + " has version " + specification.version());
        }
        return specification;
    }

    @Override
    public synchronized void close() {
        bundles.close();
    }
}
