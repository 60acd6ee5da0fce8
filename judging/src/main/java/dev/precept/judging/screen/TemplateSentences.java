package dev.precept.judging.screen;

import dev.precept.text.FoldedText;
import dev.precept.text.SearchedText;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Finds words of the prompt templates of all versions: any {@value #RUN} consecutive ones, or a whole sentence of at least
 * {@value #SHORTEST_SENTENCE}. Shorter ones ("Think before you answer.") are ordinary English. Immutable.
 */
final class TemplateSentences {
    private static final int RUN = 8;
    private static final int SHORTEST_SENTENCE = 6;
    private static final Pattern SENTENCE_END = Pattern.compile("(?<=[.!?])\\s+|\\n\\s*\\n|\\n\\s*(?=[-#])");

    /** By length, from the shortest sentence; the last are the runs. */
    private final List<WordRuns> known = new ArrayList<>();

    TemplateSentences(List<String> texts) {
        List<List<String>> sentences = texts.stream()
                .flatMap(SENTENCE_END::splitAsStream)
                .map(FoldedText::words)
                .toList();
        for (int length = SHORTEST_SENTENCE; length < RUN; length++) {
            int words = length;
            known.add(new WordRuns(
                    sentences.stream()
                            .filter(sentence -> sentence.size() == words)
                            .toList(),
                    length));
        }
        known.add(new WordRuns(texts.stream().map(FoldedText::words).toList(), RUN));
    }

    /** @param conversation a sentence of the user is not ours */
    int count(SearchedText text, SearchedText conversation) {
        int count = 0;
        for (int i = 0; i < known.size(); i++) {
            count += known.get(i).count(text, SHORTEST_SENTENCE + i, conversation);
        }
        return count;
    }
}
