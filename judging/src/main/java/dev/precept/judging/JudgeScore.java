package dev.precept.judging;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.judging.VoteForm.Notation;
import dev.precept.model.ResponseSchema;
import dev.precept.model.TextLimit;
import dev.precept.records.ResponseStyle;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The score that a judge returns. It is read leniently in form: the last JSON object of an answer, in a code fence or with
 * text around it, with further keys and numbers as text. It is read strictly in value: a missing member, or a grade that is
 * no whole number from 0 to 10, is no vote, and neither are two.
 *
 * @param score overall; where the judge gives none the lowest criterion; 0-10
 * @param agree whether the answer agrees with the side information; null where there is none
 */
record JudgeScore(
        int score, Map<String, Double> criteria, @Nullable Boolean agree, ResponseStyle style, String reason) {
    private static final Pattern WHOLE_NUMBER = Pattern.compile("\\s*(?:10|[0-9])(?:\\.0+)?\\s*");

    /** The result of parsing an answer. */
    sealed interface Parsed {
        record Valid(JudgeScore score, VoteForm form) implements Parsed {}

        /** @param why in a few words, with nothing of the answer but names of fields and numbers */
        record Invalid(VoteFault fault, String why) implements Parsed {}
    }

    /** Whether an answer is a valid vote under the schema of its request. */
    static boolean isVote(String answer, ResponseSchema schema) {
        return read(answer, VoteSchema.of(schema)) instanceof Parsed.Valid;
    }

    /** Parses an answer: its last JSON object, if no other object of it is a vote too. */
    static Parsed read(String answer, VoteSchema schema) {
        if (answer.isBlank()) {
            return new Parsed.Invalid(VoteFault.EMPTY, "the answer is empty");
        }
        List<JsonObjects.Found> objects = JsonObjects.find(answer);
        if (objects.isEmpty()) {
            return new Parsed.Invalid(VoteFault.NO_OBJECT, "the answer holds no JSON object");
        }
        long votes = objects.stream().filter(JudgeScore::isMeantAsVote).count();
        return votes > 1
                ? new Parsed.Invalid(
                        VoteFault.SEVERAL_VOTES, "the answer holds " + votes + " votes, and one is asked for")
                : read(answer, objects.getLast(), schema);
    }

    private static boolean isMeantAsVote(JsonObjects.Found found) {
        return found.object().has("score") || found.object().has("criteria");
    }

    private static Parsed read(String answer, JsonObjects.Found found, VoteSchema schema) {
        if (found.repeatsKey()) {
            return new Parsed.Invalid(VoteFault.REPEATED_KEY, "a key occurs twice");
        }
        try {
            JsonNode json = found.object();
            Map<String, Grade> grades = new LinkedHashMap<>();
            if (!schema.criteria().isEmpty()) {
                JsonNode graded = required("", json, "criteria");
                for (String name : schema.criteria()) {
                    grades.put(name, grade("criteria." + name, required("criteria.", graded, name)));
                }
            }
            Map<String, Double> criteria = new LinkedHashMap<>();
            grades.forEach((name, grade) -> criteria.put(name, (double) grade.value()));
            int score = lowest(grades);
            if (schema.overall()) {
                Grade overall = grade("score", required("", json, "score"));
                grades.put("", overall);
                score = overall.value();
            }
            JudgeScore read = new JudgeScore(
                    score,
                    Collections.unmodifiableMap(criteria),
                    schema.sideInfo() ? agreement(required("", json, "agree")) : null,
                    style(required("", json, "response_style")),
                    reason(required("", json, "reason")));
            Notation notation = grades.values().stream().map(Grade::notation).reduce(Notation.NUMBER, Notation::or);
            return new Parsed.Valid(read, new VoteForm(notation, VoteForm.around(answer, found)));
        } catch (InvalidFieldException invalid) {
            return new Parsed.Invalid(invalid.fault, String.valueOf(invalid.getMessage()));
        }
    }

    private static int lowest(Map<String, Grade> grades) {
        return grades.values().stream().mapToInt(Grade::value).min().orElse(0);
    }

    private record Grade(int value, Notation notation) {}

    /** A field is missing or has no valid value. */
    private static final class InvalidFieldException extends Exception {
        private static final long serialVersionUID = 1L;

        private final VoteFault fault;

        InvalidFieldException(VoteFault fault, String message) {
            super(message, null, false, false);
            this.fault = fault;
        }
    }

    private static JsonNode required(String path, JsonNode object, String name) throws InvalidFieldException {
        JsonNode value = object.get(name);
        if (value == null) {
            throw new InvalidFieldException(VoteFault.MISSING_MEMBER, path + name + " is missing");
        }
        return value;
    }

    /** A whole number is valid in any notation, also as text: for JSON Schema, 9.0 is an integer. */
    private static Grade grade(String name, JsonNode node) throws InvalidFieldException {
        double value = node.doubleValue();
        if (node.isTextual() && WHOLE_NUMBER.matcher(node.textValue()).matches()) {
            value = Double.parseDouble(node.textValue());
        } else if (!node.isNumber()) {
            throw new InvalidFieldException(
                    VoteFault.NO_WHOLE_NUMBER,
                    name + (node.isTextual() ? " is text and no whole number" : " is no number"));
        }
        if (value != Math.rint(value) || !(value >= 0) || value > VoteSchema.HIGHEST) {
            throw new InvalidFieldException(
                    VoteFault.NO_WHOLE_NUMBER,
                    name + " is " + value + ", not a whole number from 0 to " + VoteSchema.HIGHEST);
        }
        Notation notation =
                node.isTextual() ? Notation.TEXT : node.isIntegralNumber() ? Notation.NUMBER : Notation.DECIMAL;
        return new Grade((int) value, notation);
    }

    /** Also in the words of Guan et al. */
    private static boolean agreement(JsonNode node) throws InvalidFieldException {
        return switch (node.asText().strip().toLowerCase(Locale.ROOT)) {
            case "true", "agree" -> true;
            case "false", "disagree" -> false;
            default -> throw new InvalidFieldException(VoteFault.WRONG_VALUE, "agree is not true or false");
        };
    }

    /** The name in any case, with spaces or hyphens for underscores. */
    private static ResponseStyle style(JsonNode node) throws InvalidFieldException {
        String label =
                node.asText().strip().toLowerCase(Locale.ROOT).replace(' ', '_').replace('-', '_');
        for (ResponseStyle style : ResponseStyle.values()) {
            if (node.isTextual() && VoteSchema.label(style).equals(label)) {
                return style;
            }
        }
        throw new InvalidFieldException(VoteFault.WRONG_VALUE, "response_style is none of the schema");
    }

    private static String reason(JsonNode node) throws InvalidFieldException {
        if (!node.isTextual()) {
            throw new InvalidFieldException(VoteFault.WRONG_VALUE, "reason is not text");
        }
        return TextLimit.cut(node.textValue(), TextLimit.EXPLANATION_BYTES);
    }
}
