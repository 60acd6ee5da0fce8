package dev.precept.workers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.config.Section;
import dev.precept.judging.Criteria;
import dev.precept.judging.Criteria.Criterion;
import dev.precept.judging.Criteria.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what a judge scores by: {@code judge.criteria}. */
final class CriteriaSection {
    private static final String KEY = "criteria";
    private static final String NAME = "name";
    private static final String TEXT = "text";
    private static final String ABOUT = "about";
    private static final String OVERALL = "overall";
    private static final int MOST = 16;
    private static final Pattern VALID_NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,39}");
    private static final Pattern ONE_LINE = Pattern.compile("(?s)([^:]{1,60}):\\s+(\\S.*)");
    private static final int LONGEST_TEXT = 1_000;

    private final Section section;

    private CriteriaSection(Section section) {
        this.section = section;
    }

    static Criteria read(Section section) {
        List<JsonNode> items = section.items(
                KEY,
                "precept, paper, star-1, or a list of criteria",
                "precept",
                "what a vote scores from 0 to 10. precept: correctness, helpfulness, compliance, reasoning,"
                        + " and the whole; paper: the whole alone; star-1: three criteria, the lowest decides. Your own:"
                        + " '[{kindness: The answer is kind.}, {name: rigour, text: No step is left out., about: reasoning}]';"
                        + " the lowest decides, unless one is named overall");
        if (items.isEmpty()) {
            if (section.has(KEY)) {
                section.addProblem(KEY, "has no criterion; name one, or remove the key");
            }
            return Criteria.PRECEPT;
        }
        if (items.size() == 1 && items.getFirst().isValueNode()) {
            Criteria builtIn = Criteria.BUILT_IN.get(items.getFirst().asText());
            if (builtIn != null) {
                return builtIn;
            }
        }
        return new CriteriaSection(section).own(items);
    }

    private Criteria own(List<JsonNode> items) {
        Map<String, Criterion> criteria = new LinkedHashMap<>();
        Optional<String> overall = Optional.empty();
        for (int n = 0; n < items.size(); n++) {
            String at = KEY + "[" + n + "]";
            Optional<Criterion> read = criterion(at, items.get(n));
            if (read.isEmpty()) {
                continue;
            }
            Criterion criterion = read.get();
            if (criterion.name().equals(OVERALL) && overall.isEmpty()) {
                overall = Optional.of("Then give one score from 0 to 10 for the whole: " + criterion.meaning());
            } else if (criteria.putIfAbsent(criterion.name(), criterion) != null
                    || criterion.name().equals(OVERALL)) {
                section.addProblem(at, "a second criterion '" + criterion.name() + "'; give one");
            }
        }
        if (criteria.size() > MOST) {
            section.addProblem(KEY, "has " + criteria.size() + " criteria; a judge keeps apart up to " + MOST);
        }
        return criteria.isEmpty() && overall.isEmpty()
                ? Criteria.PRECEPT // a problem is reported
                : Criteria.own(List.copyOf(criteria.values()), overall);
    }

    /** In one of three forms: {@code name: sentence} as a text or a mapping of one, or with its members named. */
    private Optional<Criterion> criterion(String at, JsonNode item) {
        if (item.isValueNode()) {
            Matcher line = ONE_LINE.matcher(item.asText());
            if (!line.matches()) {
                section.addProblem(
                        at,
                        "'" + item.asText()
                                + "' is not allowed; give one of precept, paper, star-1, or a criterion as in"
                                + " '{kindness: The answer is kind.}'");
                return Optional.empty();
            }
            return criterion(at, line.group(1).strip(), line.group(2), Kind.OUTCOME);
        }
        if (!item.has(NAME) && item.size() == 1) {
            Map.Entry<String, JsonNode> only = item.properties().iterator().next();
            return criterion(at, only.getKey(), only.getValue().asText(), Kind.OUTCOME);
        }
        Set<String> unknown = new HashSet<>();
        item.fieldNames().forEachRemaining(unknown::add);
        List<String> known = List.of(NAME, TEXT, ABOUT);
        known.forEach(unknown::remove);
        for (String key : unknown.stream().sorted().toList()) {
            section.addProblem(at, "unknown key '" + key + "'; known are " + String.join(", ", known));
        }
        return kind(at, item.path(ABOUT).asText("answer"))
                .flatMap(kind -> criterion(
                        at, item.path(NAME).asText(""), item.path(TEXT).asText(""), kind));
    }

    private Optional<Kind> kind(String at, String about) {
        return switch (about) {
            case "reasoning" -> Optional.of(Kind.PROCESS);
            case "answer" -> Optional.of(Kind.OUTCOME);
            default -> {
                section.addProblem(at, "about '" + about + "' is not allowed; give reasoning or answer");
                yield Optional.empty();
            }
        };
    }

    private Optional<Criterion> criterion(String at, String name, String text, Kind kind) {
        List<String> problems = new ArrayList<>();
        if (!VALID_NAME.matcher(name).matches()) {
            problems.add("the name '" + name + "' is not allowed; use up to 40 letters, digits, '_' and '-'");
        }
        String sentence = text.strip();
        if (sentence.isEmpty()
                || sentence.length() > LONGEST_TEXT
                || sentence.lines().count() > 1) {
            problems.add("needs a sentence that says what a high score means, in one line of up to " + LONGEST_TEXT
                    + " characters");
        }
        problems.forEach(problem -> section.addProblem(at, problem));
        return problems.isEmpty() ? Optional.of(new Criterion(name, sentence, kind)) : Optional.empty();
    }
}
