package dev.precept.spec;

import dev.precept.spec.YamlNode.Mapping;
import dev.precept.spec.YamlNode.Member;
import dev.precept.spec.YamlNode.Scalar;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the risk of a category: all three keys, with known values. */
final class RiskReader {
    private static final List<String> KEYS = List.of("taxonomy", "category", "level");
    private static final String ADVICE = "write it as {taxonomy: " + Risk.TAXONOMY + ", category: cbrn, level: high}";

    private final Problems problems;

    RiskReader(Problems problems) {
        this.problems = problems;
    }

    /** Receives one problem with its line. */
    interface Problems {
        void add(int line, String what);
    }

    /** The risk, or empty and one problem if it is not valid; empty if there is none. */
    Optional<Risk> read(@Nullable Member member, String owner) {
        if (member == null) {
            return Optional.empty();
        }
        if (!(member.value() instanceof Mapping mapping)) {
            return problem(member.line(), owner, "is " + member.value().description() + "; " + ADVICE);
        }
        for (Member each : mapping.members()) {
            if (!KEYS.contains(each.key())) {
                return problem(each.line(), owner, "has an unknown key '" + each.key() + "'; " + ADVICE);
            }
        }
        String taxonomy = text(mapping, "taxonomy");
        if (!taxonomy.equals(Risk.TAXONOMY)) {
            return problem(member.line(), owner, "has the taxonomy '" + taxonomy + "'; it must be " + Risk.TAXONOMY);
        }
        Optional<Risk.Category> category = Risk.Category.byLabel(text(mapping, "category"));
        if (category.isEmpty()) {
            return problem(
                    member.line(),
                    owner,
                    "has the category '" + text(mapping, "category") + "'; give one of " + Risk.Category.labels());
        }
        Optional<Risk.Level> level = Risk.Level.byLabel(text(mapping, "level"));
        return level.isEmpty()
                ? problem(
                        member.line(),
                        owner,
                        "has the level '" + text(mapping, "level") + "'; give one of " + Risk.Level.labels())
                : Optional.of(new Risk(category.get(), level.get()));
    }

    private Optional<Risk> problem(int line, String owner, String what) {
        problems.add(line, "the risk of " + owner + " " + what);
        return Optional.empty();
    }

    /** The text of a key that occurs once; else blank. */
    private static String text(Mapping mapping, String key) {
        List<Member> members = mapping.members().stream()
                .filter(each -> each.key().equals(key))
                .toList();
        return members.size() == 1 && members.getFirst().value() instanceof Scalar scalar
                ? scalar.value().strip()
                : "";
    }
}
