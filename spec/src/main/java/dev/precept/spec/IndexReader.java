package dev.precept.spec;

import dev.precept.spec.YamlNode.Broken;
import dev.precept.spec.YamlNode.Mapping;
import dev.precept.spec.YamlNode.Member;
import dev.precept.spec.YamlNode.Other;
import dev.precept.spec.YamlNode.Scalar;
import dev.precept.spec.YamlNode.Sequence;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code spec.yaml} strictly: reports every problem with its line and continues. */
final class IndexReader {
    /** A clause id in the file, with its owner for messages. */
    record Reference(int line, String id, String owner) {}

    private static final String ADVICE = "write one mapping with the keys name, principles and categories";
    private static final List<String> TOP = List.of("name", "principles", "categories");
    private static final List<String> CATEGORY = List.of("name", "summary", "clauses", "risk");

    private final Path file;
    private final List<String> problems;
    private final List<Reference> references = new ArrayList<>();
    private final Map<String, Integer> categoryLines = new HashMap<>();
    private final RiskReader risks = new RiskReader(this::problem);

    IndexReader(Path file, List<String> problems) {
        this.file = file;
        this.problems = problems;
    }

    /** Every clause id of the file, in order. */
    List<Reference> references() {
        return references;
    }

    /** Returns the valid part of the index, and adds a problem for each other part. */
    Index read(String yaml) {
        YamlNode root = YamlNode.parse(yaml);
        return switch (root) {
            case Mapping top -> index(top);
            case Broken broken ->
                invalid(root.line(), broken.description() + "; correct the syntax, or quote the text");
            case Scalar _, Sequence _, Other _ ->
                invalid(root.line(), "the file is " + root.description() + "; " + ADVICE);
        };
    }

    private Index index(Mapping top) {
        Map<String, Member> members = members(top, TOP, "a specification");
        String name = text(members.get("name"), top.line(), "name", "write the name of the specification");
        Member principles = members.get("principles");
        List<String> ids = principles == null ? List.of() : ids(principles, "the principles");
        return new Index(name, ids, categories(members.get("categories"), top.line()));
    }

    private Index invalid(int line, String problem) {
        problem(line, problem);
        return new Index("", List.of(), List.of());
    }

    private List<Index.Category> categories(@Nullable Member member, int line) {
        List<Index.Category> categories = new ArrayList<>();
        if (member == null) {
            problem(line, "no categories; add 'categories:' with a name, a summary and clauses for each");
        } else if (!(member.value() instanceof Sequence sequence)) {
            problem(member.line(), "categories must be a list, each with a name, a summary and clauses");
        } else if (sequence.items().isEmpty()) {
            problem(member.line(), "no categories; list at least one with a name, a summary and clauses");
        } else {
            sequence.items().forEach(item -> category(item, categories));
        }
        return categories;
    }

    private void category(YamlNode node, List<Index.Category> categories) {
        if (!(node instanceof Mapping mapping)) {
            problem(node.line(), "a category is a mapping with the keys name, summary and clauses");
            return;
        }
        Map<String, Member> members = members(mapping, CATEGORY, "a category");
        String name = text(members.get("name"), mapping.line(), "name", "give the category a name");
        String owner = name.isEmpty() ? "a category without a name" : "category '" + name + "'";
        Integer first = name.isEmpty() ? null : categoryLines.putIfAbsent(name, mapping.line());
        if (first != null) {
            problem(mapping.line(), owner + " is already on line " + first + "; rename or merge them");
        }
        String summary = text(
                members.get("summary"), mapping.line(), "summary of " + owner, "describe the category in one line");
        Member clauses = members.get("clauses");
        List<String> ids = clauses == null ? List.of() : ids(clauses, owner);
        if (clauses == null
                || (clauses.value() instanceof Sequence sequence
                        && sequence.items().isEmpty())) {
            problem(mapping.line(), owner + " has no clauses; list their ids under 'clauses'");
        }
        categories.add(new Index.Category(name, summary, ids, risks.read(members.get("risk"), owner)));
    }

    private List<String> ids(Member member, String owner) {
        if (!(member.value() instanceof Sequence sequence)) {
            problem(member.line(), member.key() + " must be a list of clause ids, as in [be_clear, refusal_style]");
            return List.of();
        }
        List<String> ids = new ArrayList<>();
        for (YamlNode item : sequence.items()) {
            if (!(item instanceof Scalar id) || id.value().isBlank()) {
                problem(
                        item.line(),
                        "a clause id of " + owner + " must be text, not " + item.description()
                                + "; put quotes around it");
            } else if (ids.contains(id.value())) {
                problem(item.line(), owner + " lists clause '" + id.value() + "' twice; remove one");
            } else {
                ids.add(id.value());
                references.add(new Reference(item.line(), id.value(), owner));
            }
        }
        return ids;
    }

    private String text(@Nullable Member member, int line, String what, String advice) {
        if (member == null) {
            problem(line, what + " is missing; " + advice);
            return "";
        }
        if (!(member.value() instanceof Scalar scalar)) {
            problem(member.line(), what + " must be text; put quotes around it");
            return "";
        }
        String value = scalar.value().strip();
        if (value.isEmpty()) {
            problem(member.line(), what + " is blank; " + advice);
        } else if (!isPlainLine(value)) {
            problem(member.line(), what + " must be one line of plain text; remove line breaks and control characters");
            return "";
        }
        return value;
    }

    private static boolean isPlainLine(String text) {
        return text.codePoints().noneMatch(Character::isISOControl)
                && StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    private Map<String, Member> members(Mapping mapping, List<String> known, String owner) {
        Map<String, Member> members = new LinkedHashMap<>();
        for (Member member : mapping.members()) {
            if (!known.contains(member.key())) {
                problem(
                        member.line(),
                        "unknown key '" + member.key() + "'; " + owner + " has " + String.join(", ", known));
                continue;
            }
            Member first = members.putIfAbsent(member.key(), member);
            if (first != null) {
                problem(
                        member.line(),
                        "key '" + member.key() + "' is already on line " + first.line() + "; keep one of them");
            }
        }
        return members;
    }

    private void problem(int line, String what) {
        problems.add(file + ":" + line + ": " + what);
    }
}
