package dev.precept.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;

/** A question with four options, as an evaluation set has it and as a prompt may hide it. Written for this project. */
public record PlantedQuestion(String question, List<String> options) {
    private static final String RESOURCE = "planted-questions.jsonl";
    /** One of so many words is changed. */
    private static final int EDITED = 12;

    /** How a prompt differs from the question. */
    public enum Disguise {
        /** Among other words. */
        VERBATIM,
        /** Other white space, and invisible characters. */
        SPACING,
        CASE,
        /** One in twelve words is another one. */
        EDITED,
        OPTIONS_SHUFFLED,
        /** Spacing, case and another order of the options. */
        ALL_BUT_EDITS
    }

    public PlantedQuestion {
        options = List.copyOf(options);
    }

    /** The 50 questions: 10 of up to 9 words, 20 of 22 to 29, 20 of 52 to 62. */
    public static List<PlantedQuestion> all() {
        ObjectMapper json = new ObjectMapper();
        List<PlantedQuestion> all = new ArrayList<>();
        try (InputStream in = Objects.requireNonNull(PlantedQuestion.class.getResourceAsStream(RESOURCE), RESOURCE)) {
            for (JsonNode row :
                    json.readerFor(JsonNode.class).<JsonNode>readValues(in).readAll()) {
                List<String> options = new ArrayList<>();
                row.path("choices").forEach(option -> options.add(option.asText()));
                all.add(new PlantedQuestion(row.path("question").asText(), options));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(RESOURCE, e);
        }
        return all;
    }

    /** A prompt that holds the question. */
    public String prompt(Disguise disguise, long seed) {
        Random random = new Random(seed);
        String asked = disguise == Disguise.EDITED ? edited(random) : question;
        List<String> order = new ArrayList<>(options);
        if (disguise == Disguise.OPTIONS_SHUFFLED || disguise == Disguise.ALL_BUT_EDITS) {
            Collections.shuffle(order, random);
            Collections.rotate(order, order.equals(options) ? 1 : 0);
        }
        StringBuilder prompt = new StringBuilder("I need some help with this one. ").append(asked);
        for (int i = 0; i < order.size(); i++) {
            prompt.append('\n').append((char) ('A' + i)).append(") ").append(order.get(i));
        }
        String text = prompt.append("\nWhich one is it, and why?").toString();
        return switch (disguise) {
            case VERBATIM, EDITED, OPTIONS_SHUFFLED -> text;
            case SPACING -> spaced(text, random);
            case CASE -> text.toUpperCase(Locale.ROOT);
            case ALL_BUT_EDITS -> spaced(text.toUpperCase(Locale.ROOT), random);
        };
    }

    /** Replaces the sixth word, and each twelfth from there on. */
    private String edited(Random random) {
        String[] words = question.split(" ");
        for (int i = Math.min(EDITED / 2, words.length / 2); i < words.length; i += EDITED) {
            words[i] = "other" + random.nextInt(1_000);
        }
        return String.join(" ", words);
    }

    private static String spaced(String text, Random random) {
        StringBuilder spaced = new StringBuilder();
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == ' ') {
                spaced.append(List.of("  ", "\n", " \t", "\u00A0", " \u200B").get(random.nextInt(5)));
            } else {
                spaced.append(c).append(random.nextInt(10) == 0 ? "\u200B" : "");
            }
        }
        return spaced.toString();
    }
}
