package dev.precept.text;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds answers that say nothing: without a letter or digit, or only an opener such as "Thought process:". Judges give such
 * strings high scores (arXiv 2507.08794), so none is asked. A pure function.
 */
public final class EmptyAnswer {
    private static final int LONGEST = 120;

    /** Words of answers that end before they begin. */
    private static final Set<List<String>> OPENERS = words(
            "Thought process",
            "Reasoning process",
            "Let's solve this problem step by step",
            "Let's solve this step by step",
            "Let's think step by step",
            "Let us think step by step",
            "Let's work through this step by step",
            "Let's break this down step by step",
            "Let's break it down",
            "Here is the answer",
            "Here's the answer",
            "Here is my answer",
            "Here is the solution",
            "Here's the solution",
            "Here is my response",
            "The answer is",
            "The solution is",
            "The final answer is",
            "Final answer",
            "Step 1",
            "Solution",
            "Denken wir Schritt für Schritt",
            "Lösen wir das Schritt für Schritt",
            "Hier ist die Antwort",
            "Pensemos paso a paso",
            "Vamos a resolverlo paso a paso",
            "Aquí está la respuesta",
            "Respuesta",
            "让我们一步一步地思考",
            "让我们逐步思考",
            "让我们一步一步解决这个问题",
            "解",
            "答案是",
            "かいせつ");

    /** Words that may be an answer of their own, unless a colon follows. */
    private static final Set<List<String>> WITH_COLON = words(
            "Answer",
            "Response",
            "My answer",
            "My response",
            "Sure",
            "Certainly",
            "Of course",
            "Okay",
            "Antwort",
            "Lösung",
            "Solución",
            "Réponse",
            "答案",
            "回答");

    private EmptyAnswer() {}

    /** What the answer is in place of an answer; empty if it says something. */
    public static Optional<String> find(String answer) {
        if (answer.isBlank()) {
            return Optional.of("the answer is empty");
        }
        if (answer.codePoints().noneMatch(Character::isLetterOrDigit)) {
            return answer.codePoints().anyMatch(c -> c >= 0x2190 && !Character.isWhitespace(c))
                    ? Optional.empty() // an emoji or a symbol can answer
                    : Optional.of("the answer has no letter or digit");
        }
        if (answer.length() > LONGEST) {
            return Optional.empty();
        }
        List<String> words = FoldedText.words(answer);
        boolean colon = answer.strip().endsWith(":") || answer.strip().endsWith("：");
        return OPENERS.contains(words) || (colon && WITH_COLON.contains(words))
                ? Optional.of("the answer is only an opener")
                : Optional.empty();
    }

    private static Set<List<String>> words(String... openers) {
        return Stream.of(openers).map(FoldedText::words).collect(Collectors.toUnmodifiableSet());
    }
}
