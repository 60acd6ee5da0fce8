package dev.precept.dataset.release;

import dev.precept.config.ConfigurationException;
import dev.precept.dataset.Layout;
import dev.precept.spec.Risk;
import dev.precept.spec.SpecException;
import dev.precept.spec.Specification;
import dev.precept.store.ObjectStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The risks of categories, as the specifications of a dataset state them; the specification of a row decides. The risk of a row
 * is the highest of its categories. Thread-safe.
 */
final class RiskTable {
    private static final Logger LOG = LoggerFactory.getLogger(RiskTable.class);
    private static final List<Risk> ALL = Risk.all();

    /** Of a row without a risk. */
    static final byte NONE = 0;

    /** The name of {@link #NONE} in counts. */
    static final String NOT_STATED = "not stated";

    private final Map<String, Map<String, Risk>> bySpecification;
    private final Optional<Risk.Level> most;

    private RiskTable(Map<String, Map<String, Risk>> bySpecification, Optional<Risk.Level> most) {
        this.bySpecification = bySpecification;
        this.most = most;
    }

    /**
     * Reads the specifications of a dataset.
     *
     * @param most the highest level that a version keeps; empty for every level
     * @throws ConfigurationException if there is such a level, and no specification states a risk
     */
    static RiskTable read(ObjectStore store, Optional<Risk.Level> most) throws IOException {
        Map<String, Map<String, Risk>> risks = new HashMap<>();
        for (String key : store.list(Layout.SPECIFICATIONS)) {
            Optional<String> version = Layout.parseSpecification(key);
            Optional<byte[]> bundle = version.isPresent() ? store.read(key) : Optional.empty();
            if (bundle.isPresent()) {
                try {
                    risks.put(
                            version.get(),
                            Specification.risksOfBundle(new String(bundle.get(), StandardCharsets.UTF_8)));
                } catch (SpecException e) {
                    LOG.atWarn()
                            .addKeyValue("key", key)
                            .setCause(e)
                            .log("the bundle of a specification cannot be read");
                }
            }
        }
        RiskTable table = new RiskTable(Map.copyOf(risks), most);
        if (most.isPresent() && !table.isStated()) {
            throw new ConfigurationException("release.max_risk " + most.get().label()
                    + ": no specification of this dataset states a risk, so no row could be left out; state the 'risk' of"
                    + " categories in spec.yaml before the run, or remove the key");
        }
        return table;
    }

    /** Whether any specification states a risk. */
    boolean isStated() {
        return bySpecification.values().stream().anyMatch(risks -> !risks.isEmpty());
    }

    /**
     * The code of the risk of a row. A higher risk has a higher code.
     *
     * @throws ConfigurationException if a version has a highest level and the specification is not known
     */
    byte codeOf(String specVersion, List<String> categories) {
        Map<String, Risk> risks = bySpecification.get(specVersion);
        if (risks == null && most.isPresent()) {
            throw new ConfigurationException("release.max_risk " + most.get().label() + ": the dataset does not hold "
                    + Layout.specification(specVersion)
                    + ", by which rows were made, so their risk is not known; put it"
                    + " back, or remove the key");
        }
        return risks == null
                ? NONE
                : (byte) (categories.stream()
                                .map(risks::get)
                                .filter(Objects::nonNull)
                                .max(Comparator.naturalOrder())
                                .map(ALL::indexOf)
                                .orElse(NONE - 1)
                        + 1);
    }

    /** Whether a row with this code has a higher level than a version keeps. */
    boolean isAbove(byte code) {
        return code != NONE && most.isPresent() && ALL.get(code - 1).level().compareTo(most.get()) > 0;
    }

    /** As in counts. */
    static String name(int code) {
        return code == NONE ? NOT_STATED : ALL.get(code - 1).toString();
    }

    /** The number of codes. */
    static int codes() {
        return ALL.size() + 1;
    }
}
