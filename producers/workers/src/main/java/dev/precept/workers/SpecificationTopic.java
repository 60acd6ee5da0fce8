package dev.precept.workers;

import dev.precept.judging.SpecificationSource;
import dev.precept.kafka.CompactedTopic;
import dev.precept.kafka.KafkaAccess;
import dev.precept.records.SpecBundle;
import dev.precept.schemas.Topics;
import dev.precept.spec.Specification;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads compiled specifications from their topic when a task first needs them. Thread-safe. */
final class SpecificationTopic implements SpecificationSource, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SpecificationTopic.class);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(200);

    private final Map<String, Specification> known = new ConcurrentHashMap<>();
    private final KafkaAccess kafka;
    private CompactedTopic<SpecBundle> bundles;

    SpecificationTopic(KafkaAccess kafka) {
        this.kafka = kafka;
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

    /** Compiles the specification of this version alone: a task needs no other. */
    private synchronized boolean refresh(String version) {
        if (known.containsKey(version)) {
            return true;
        }
        try {
            Optional<SpecBundle> bundle = bundles.readToEnd().values().stream()
                    .filter(each -> each.getSpecVersion().equals(version))
                    .findFirst();
            bundle.ifPresent(published -> known.put(version, compile(published)));
            return bundle.isPresent();
        } catch (KafkaException e) {
            log.atWarn().setCause(e).log("cannot read the specifications; retrying");
            bundles.close();
            bundles = new CompactedTopic<>(kafka, Topics.SPECS); // the records of the failed read come again
            return false;
        }
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
