package dev.precept.cli.command;

import dev.precept.judging.EndpointSettings;
import dev.precept.spec.SpecLint;
import dev.precept.spec.Specification;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What {@code doctor} prints of a specification: its size, the findings in its files, and whether a model can read it. */
final class SpecificationSummary {
    /** More findings are counted. */
    private static final int MAX_FINDINGS = 20;

    private static final int BYTES_PER_TOKEN = 4;

    private final Specification specification;
    private final String largest;
    private final long tokens;

    SpecificationSummary(Specification specification) {
        this.specification = specification;
        String category = "";
        long most = 0;
        for (String name : specification.categories()) {
            long bytes = specification.excerpt(List.of(name)).text().getBytes(StandardCharsets.UTF_8).length;
            if (bytes > most) {
                most = bytes;
                category = name;
            }
        }
        this.largest = category;
        this.tokens = Math.ceilDiv(most, BYTES_PER_TOKEN);
    }

    /** One line, then one for each finding. */
    String text(Path folder) {
        List<String> lines = new ArrayList<>();
        lines.add(specification.name() + " " + specification.version().substring(0, 12) + ", "
                + counted(specification.categories().size(), "category", "categories") + ", "
                + counted(specification.clauses().size(), "clause", "clauses"));
        lines.add(String.format(Locale.ROOT, "largest excerpt: %s, about %,d tokens", largest, tokens));
        if (!specification.risks().isEmpty()) {
            lines.add("risk: "
                    + specification.risks().entrySet().stream()
                            .map(each -> each.getKey() + " " + each.getValue())
                            .collect(Collectors.joining(", ")));
        }
        List<String> findings = SpecLint.check(folder, specification);
        findings.stream().limit(MAX_FINDINGS).map("note: "::concat).forEach(lines::add);
        if (findings.size() > MAX_FINDINGS) {
            lines.add("note: " + (findings.size() - MAX_FINDINGS) + " more of this kind");
        }
        return String.join("\n", lines);
    }

    /**
     * That the largest excerpt and the answer do not fit the context of a model; empty if they do.
     *
     * @param context in tokens, 0 if it is not known
     */
    Optional<String> contextNote(EndpointSettings settings, long context) {
        int answer = settings.sampling().maxTokens();
        return context == 0 || tokens + answer <= context
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "its context of %,d tokens has no room for the largest excerpt (%s, about %,d tokens) and"
                                + " max_tokens %,d",
                        context,
                        largest,
                        tokens,
                        answer));
    }

    private static String counted(int number, String one, String several) {
        return number + " " + (number == 1 ? one : several);
    }
}
