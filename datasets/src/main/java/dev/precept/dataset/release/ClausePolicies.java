package dev.precept.dataset.release;

import dev.precept.dataset.Layout;
import dev.precept.dataset.view.ResponsePolicy;
import dev.precept.records.Sample;
import dev.precept.spec.Clause;
import dev.precept.spec.SpecException;
import dev.precept.spec.Specification;
import dev.precept.store.ObjectStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the clauses of a prompt's categories say about its answer, by their attribute {@code action}. Thread-safe. */
final class ClausePolicies {
    private static final Logger LOG = LoggerFactory.getLogger(ClausePolicies.class);
    private static final String ACTION = "action";

    private final ObjectStore store;
    private final Map<String, Map<String, Set<String>>> actions = new HashMap<>();

    ClausePolicies(ObjectStore store) {
        this.store = store;
    }

    /** The policy that all clauses with one state; null if they differ, or none states one. */
    @Nullable
    String of(Sample sample) throws IOException {
        Map<String, Set<String>> byCategory = actions(sample.getSpecVersion());
        Set<String> stated = sample.getCategory().stream()
                .flatMap(category -> byCategory.getOrDefault(category, Set.of()).stream())
                .collect(Collectors.toSet());
        return stated.size() == 1 ? stated.iterator().next() : null;
    }

    private synchronized Map<String, Set<String>> actions(String version) throws IOException {
        Map<String, Set<String>> known = actions.get(version);
        if (known == null) {
            known = read(version);
            actions.put(version, known);
        }
        return known;
    }

    private Map<String, Set<String>> read(String version) throws IOException {
        Optional<byte[]> bundle = store.read(Layout.specification(version));
        Map<String, Set<String>> read = new HashMap<>();
        try {
            if (bundle.isPresent()) {
                Specification specification =
                        Specification.fromBundle(new String(bundle.get(), StandardCharsets.UTF_8));
                specification.categories().forEach(category -> read.put(category, actions(specification, category)));
            }
        } catch (SpecException e) {
            LOG.atWarn()
                    .addKeyValue("specification", version)
                    .setCause(e)
                    .log("the bundle of a specification cannot be read; its clauses state no response policy");
        }
        return read;
    }

    private static Set<String> actions(Specification specification, String category) {
        List<String> clauses = specification.clausesOf(category);
        return clauses.stream()
                .map(id -> specification.clause(id).map(Clause::attributes).map(stated -> stated.get(ACTION)))
                .flatMap(Optional::stream)
                .filter(Objects::nonNull)
                .flatMap(action -> ResponsePolicy.named(action).stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
