package dev.precept.text;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Random texts of lower-case words, and edited copies. */
final class PlantedPairs {
    private PlantedPairs() {}

    /** @param vocabulary different words */
    static String text(RandomGenerator random, int words, int vocabulary) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < words; i++) {
            text.append(i == 0 ? "" : " ").append(word(random.nextInt(vocabulary)));
        }
        return text.toString();
    }

    /** Replaces words at random places. */
    static String edited(RandomGenerator random, String text, int edits) {
        List<String> words = new ArrayList<>(List.of(text.split(" ")));
        for (int edit = 0; edit < edits; edit++) {
            words.set(random.nextInt(words.size()), word(random.nextInt(1 << 20)));
        }
        return String.join(" ", words);
    }

    private static String word(int number) {
        StringBuilder word = new StringBuilder();
        long random = Mix.mix(number * Mix.GOLDEN);
        for (int left = 2 + (int) (random & 7); left > 0; left--) {
            random >>>= 5;
            word.append((char) ('a' + (random & 31) % 26));
        }
        return word.toString();
    }
}
