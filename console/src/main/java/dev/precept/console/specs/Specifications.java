package dev.precept.console.specs;

import dev.precept.console.api.ApiException;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.Layout;
import dev.precept.spec.SpecException;
import dev.precept.spec.Specification;
import dev.precept.spec.citation.CitationReader;
import dev.precept.store.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The specifications that a dataset stores, each read once. Thread-safe. */
public final class Specifications {
    private final Dataset dataset;
    private final Map<String, Stored> read = new ConcurrentHashMap<>();

    public Specifications(Dataset dataset) {
        this.dataset = dataset;
    }

    /** A specification, and what reads citations of it. */
    public record Stored(Specification specification, CitationReader citations) {}

    /**
     * A version of the specification; empty if the dataset does not store it.
     *
     * @throws IOException if the store fails, or the document is not readable
     */
    public Optional<Stored> find(String version) throws IOException {
        Stored known = read.get(version);
        if (known != null) {
            return Optional.of(known);
        }
        if (!version.matches("[0-9a-f]{64}")) {
            return Optional.empty();
        }
        Optional<byte[]> bundle = dataset.store().read(Layout.specification(version));
        if (bundle.isEmpty()) {
            return Optional.empty();
        }
        try {
            Specification specification = Specification.fromBundle(new String(bundle.get(), StandardCharsets.UTF_8));
            Stored stored = new Stored(specification, new CitationReader(specification));
            read.put(version, stored);
            return Optional.of(stored);
        } catch (SpecException e) {
            throw new StoreException.Corrupt(
                    dataset.location() + "/" + Layout.specification(version)
                            + " is no specification; put it back from a" + " backup",
                    e);
        }
    }

    /** @throws ApiException if the dataset does not store it */
    Specification require(String version) throws ApiException, IOException {
        return find(version)
                .orElseThrow(() -> ApiException.notFound("the dataset stores no specification of this version"))
                .specification();
    }

    /** The stored versions, that of the last run first. */
    List<Specification> all() throws IOException {
        List<String> versions = new ArrayList<>();
        dataset.runs().stream()
                .sorted(Comparator.comparing(run -> run.started().orElse(Instant.EPOCH)))
                .map(run -> run.identity().path("spec").asText())
                .forEach(version -> {
                    versions.remove(version);
                    versions.addFirst(version);
                });
        for (String key : dataset.store().list(Layout.SPECIFICATIONS)) {
            Layout.parseSpecification(key)
                    .filter(version -> !versions.contains(version))
                    .ifPresent(versions::add);
        }
        List<Specification> all = new ArrayList<>();
        for (String version : versions) {
            find(version).ifPresent(stored -> all.add(stored.specification()));
        }
        return all;
    }
}
