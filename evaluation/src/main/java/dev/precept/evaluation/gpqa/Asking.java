package dev.precept.evaluation.gpqa;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A question as it is asked once: with its choices in an order.
 *
 * @param number from 0, in the order of all askings
 * @param row of the question, from 0
 * @param repeat from 0
 * @param permutation the choices in the order of the letters; 0 is the correct one
 */
record Asking(int number, int row, int repeat, MultipleChoice question, List<Integer> permutation) {
    /** Names the wording. */
    static final String PROMPT = "gpqa/1";

    private static final String LETTERS = "ABCD";
    private static final String TASK = """
            Here is a question with four choices, of which one is right. Reason step by step, then choose.
            End with a line of exactly this form, where $LETTER is A, B, C or D:
            Answer: $LETTER""";

    Asking {
        permutation = List.copyOf(permutation);
    }

    /** All askings, in the order of simple-evals: the rows as a list, repeated, each with the next permutation of one generator. */
    static List<Asking> all(List<MultipleChoice> questions, int repeats) {
        PythonRandom random = new PythonRandom(0);
        List<Asking> all = new ArrayList<>();
        for (int repeat = 0; repeat < repeats; repeat++) {
            for (int row = 0; row < questions.size(); row++) {
                all.add(new Asking(all.size(), row, repeat, questions.get(row), random.permutation(LETTERS.length())));
            }
        }
        return all;
    }

    String id() {
        return "gpqa " + row + " " + repeat;
    }

    List<String> choices() {
        List<String> choices = new ArrayList<>(List.of(question.correct()));
        choices.addAll(question.incorrect());
        return permutation.stream().map(choices::get).toList();
    }

    /** That of the first choice that is the correct text. */
    String correctLetter() {
        int index = choices().indexOf(question.correct());
        return LETTERS.substring(index, index + 1);
    }

    String prompt() {
        List<String> choices = choices();
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < choices.size(); i++) {
            lines.append('\n').append(LETTERS.charAt(i)).append(") ").append(choices.get(i));
        }
        return TASK + "\n\n" + question.question() + "\n" + lines;
    }

    /** As digits. */
    String order() {
        return permutation.stream().map(String::valueOf).collect(Collectors.joining());
    }
}
