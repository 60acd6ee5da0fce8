package dev.precept.prompts;

import dev.precept.spec.Risk;
import dev.precept.spec.Specification;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Counts prompts by the highest risk of their categories. Not thread-safe. */
final class PromptRisks {
    private final Map<String, Risk> risks;
    private final Map<Risk, Long> prompts = new TreeMap<>(Comparator.reverseOrder());
    private long notStated;

    PromptRisks(Specification specification) {
        this.risks = specification.risks();
    }

    void add(List<String> categories) {
        categories.stream()
                .map(risks::get)
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .ifPresentOrElse(risk -> prompts.merge(risk, 1L, Long::sum), () -> notStated++);
    }

    /** One line, the highest risk first; none if the specification states no risk. */
    List<String> lines() {
        if (risks.isEmpty()) {
            return List.of();
        }
        return List.of("prompts: by risk: "
                + prompts.entrySet().stream()
                        .map(each -> String.format(Locale.ROOT, "%,d %s, ", each.getValue(), each.getKey()))
                        .collect(Collectors.joining())
                + String.format(Locale.ROOT, "%,d not stated", notStated));
    }
}
