package dev.precept.dataset.template;

import dev.precept.chattemplate.Whitespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The structure of a rendered row: the literal text of the template, and the positions of the row's texts. */
final class Outline {
    private static final Pattern SENTINEL =
            Pattern.compile(Sentinels.sentinel(0).replace("0", "([0-9]+)"));
    private static final List<ThoughtTags> TAGS = List.of(
            new ThoughtTags("<think>", "</think>"),
            new ThoughtTags("<thinking>", "</thinking>"),
            new ThoughtTags("<reasoning>", "</reasoning>"),
            new ThoughtTags("<thought>", "</thought>"),
            new ThoughtTags("[THINK]", "[/THINK]"),
            new ThoughtTags("<|channel|>analysis<|message|>", "<|end|>"));

    private final List<Part> parts;
    private final int reasoning;
    private final int answer;

    private Outline(List<Part> parts, int reasoning, int answer) {
        this.parts = parts;
        this.reasoning = reasoning;
        this.answer = answer;
    }

    private sealed interface Part {
        record Literal(String text) implements Part {}

        record Placeholder(int textIndex) implements Part {}
    }

    private record ThoughtTags(String open, String close) {}

    /**
     * Splits a rendering at its sentinels.
     *
     * @param texts number of texts of the row; the last two are reasoning and answer
     */
    static Outline of(String rendered, int texts) {
        List<Part> parts = new ArrayList<>();
        Matcher sentinel = SENTINEL.matcher(rendered);
        int from = 0;
        while (sentinel.find()) {
            parts.add(new Part.Literal(Whitespace.strip(rendered.substring(from, sentinel.start()))));
            parts.add(new Part.Placeholder(Integer.parseInt(sentinel.group(1))));
            from = sentinel.end();
        }
        parts.add(new Part.Literal(Whitespace.strip(rendered.substring(from))));
        return new Outline(parts, texts - 2, texts - 1);
    }

    /** The fault of the template for rows of this structure. Blank texts cannot be lost. */
    Optional<TemplateFault> findFault(List<String> texts) {
        long thoughts = count(reasoning);
        long answers = count(answer);
        if (!isBlank(texts.get(reasoning)) && thoughts != 1) {
            return Optional.of(
                    TemplateFault.of(thoughts == 0 ? TemplateFault.Kind.DROPPED : TemplateFault.Kind.DOUBLED));
        }
        if (!isBlank(texts.get(answer)) && answers != 1) {
            return Optional.of(TemplateFault.of(
                    answers == 0 ? TemplateFault.Kind.ANSWER_LOST : TemplateFault.Kind.ANSWER_DOUBLED));
        }
        return isBlank(texts.get(reasoning)) ? Optional.empty() : secondThought(texts);
    }

    /** Whether a text is written at least once. */
    boolean contains(int text) {
        return count(text) > 0;
    }

    /** The literal text before the reasoning; empty if the reasoning is not written once. */
    Optional<String> beforeReasoning() {
        int at = parts.indexOf(new Part.Placeholder(reasoning));
        return count(reasoning) == 1 && parts.get(at - 1) instanceof Part.Literal(String text)
                ? Optional.of(text)
                : Optional.empty();
    }

    private long count(int text) {
        return parts.stream().filter(new Part.Placeholder(text)::equals).count();
    }

    /** Checks only the turn with the answer: earlier text may describe the tags to the model. */
    private Optional<TemplateFault> secondThought(List<String> texts) {
        String turn = lastTurn(texts);
        for (ThoughtTags tags : TAGS) {
            int open = turn.indexOf(tags.open());
            boolean again = open >= 0 && turn.indexOf(tags.open(), open + 1) >= 0;
            boolean empty = Pattern.compile(Pattern.quote(tags.open()) + "\\s*" + Pattern.quote(tags.close()))
                    .matcher(turn)
                    .find();
            if (again || empty) {
                return Optional.of(
                        TemplateFault.of(empty ? TemplateFault.Kind.EMPTY_THOUGHT : TemplateFault.Kind.SECOND_TAGS));
            }
        }
        return Optional.empty();
    }

    private String lastTurn(List<String> texts) {
        StringBuilder turn = new StringBuilder();
        boolean prompt = false;
        for (Part part : parts) {
            switch (part) {
                case Part.Literal(String text) -> turn.append(text);
                case Part.Placeholder(int of) -> {
                    if (of < reasoning) {
                        prompt = true;
                        turn.setLength(0);
                    } else {
                        turn.append(Sentinels.sentinel(of));
                    }
                }
            }
        }
        return prompt ? turn.toString() : afterPrompt(turn.toString(), texts);
    }

    /** The last turn, if the prompt was not replaced by sentinels. */
    private String afterPrompt(String turn, List<String> texts) {
        for (int prompt = reasoning - 1; prompt >= 0; prompt--) {
            String text = Whitespace.strip(texts.get(prompt));
            int at = text.isEmpty() ? -1 : turn.lastIndexOf(text, turn.indexOf(Sentinels.sentinel(reasoning)));
            if (at >= 0) {
                return turn.substring(at + text.length());
            }
        }
        return turn;
    }

    /** Whether a rendering is this outline with the texts filled in, ignoring white space around them. */
    boolean matches(String rendered, List<String> texts) {
        int at = 0;
        for (Part part : parts) {
            String wanted = switch (part) {
                case Part.Literal(String text) -> text;
                case Part.Placeholder(int of) -> Whitespace.strip(texts.get(of));
            };
            at = Whitespace.skipWhitespace(rendered, at);
            if (!rendered.startsWith(wanted, at)) {
                return false;
            }
            at += wanted.length();
        }
        return Whitespace.skipWhitespace(rendered, at) == rendered.length();
    }

    static boolean isBlank(String text) {
        return Whitespace.skipWhitespace(text, 0) == text.length();
    }
}
