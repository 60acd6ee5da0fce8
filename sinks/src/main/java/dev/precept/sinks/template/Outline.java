package dev.precept.sinks.template;

import dev.precept.sinks.template.jinja.Blank;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A rendering of marks, cut where they stand: what a template writes itself, and where it puts the texts of a row. */
final class Outline {
    private static final Pattern MARK = Pattern.compile(Marks.word(0).replace("0", "([0-9]+)"));
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
        record Own(String text) implements Part {}

        record Place(int of) implements Part {}
    }

    private record ThoughtTags(String open, String close) {}

    /** @param texts how many texts the row has; the last two are reasoning and answer */
    static Outline of(String rendered, int texts) {
        List<Part> parts = new ArrayList<>();
        Matcher mark = MARK.matcher(rendered);
        int from = 0;
        while (mark.find()) {
            parts.add(new Part.Own(Blank.strip(rendered.substring(from, mark.start()))));
            parts.add(new Part.Place(Integer.parseInt(mark.group(1))));
            from = mark.end();
        }
        parts.add(new Part.Own(Blank.strip(rendered.substring(from))));
        return new Outline(parts, texts - 2, texts - 1);
    }

    /** What the template does to such a row. Texts that are blank cannot be lost. */
    Optional<Fault> fault(List<String> texts) {
        long thoughts = count(reasoning);
        long answers = count(answer);
        if (!blank(texts.get(reasoning)) && thoughts != 1) {
            return Optional.of(Fault.of(thoughts == 0 ? Fault.Kind.DROPPED : Fault.Kind.DOUBLED));
        }
        if (!blank(texts.get(answer)) && answers != 1) {
            return Optional.of(Fault.of(answers == 0 ? Fault.Kind.ANSWER_LOST : Fault.Kind.ANSWER_DOUBLED));
        }
        return blank(texts.get(reasoning)) ? Optional.empty() : secondThought(texts);
    }

    private long count(int text) {
        return parts.stream().filter(new Part.Place(text)::equals).count();
    }

    /** In the turn that holds the answer: what stands before may tell a model of such tags. */
    private Optional<Fault> secondThought(List<String> texts) {
        String turn = lastTurn(texts);
        for (ThoughtTags tags : TAGS) {
            int open = turn.indexOf(tags.open());
            boolean again = open >= 0 && turn.indexOf(tags.open(), open + 1) >= 0;
            boolean empty = Pattern.compile(Pattern.quote(tags.open()) + "\\s*" + Pattern.quote(tags.close()))
                    .matcher(turn)
                    .find();
            if (again || empty) {
                return Optional.of(Fault.of(empty ? Fault.Kind.EMPTY_THOUGHT : Fault.Kind.SECOND_TAGS));
            }
        }
        return Optional.empty();
    }

    private String lastTurn(List<String> texts) {
        StringBuilder turn = new StringBuilder();
        boolean marked = false;
        for (Part part : parts) {
            switch (part) {
                case Part.Own(String text) -> turn.append(text);
                case Part.Place(int of) -> {
                    if (of < reasoning) {
                        marked = true;
                        turn.setLength(0);
                    } else {
                        turn.append(Marks.word(of));
                    }
                }
            }
        }
        return marked ? turn.toString() : behindPrompt(turn.toString(), texts);
    }

    /** The same where the prompt stands in its own words. */
    private String behindPrompt(String turn, List<String> texts) {
        for (int prompt = reasoning - 1; prompt >= 0; prompt--) {
            String text = Blank.strip(texts.get(prompt));
            int at = text.isEmpty() ? -1 : turn.lastIndexOf(text, turn.indexOf(Marks.word(reasoning)));
            if (at >= 0) {
                return turn.substring(at + text.length());
            }
        }
        return turn;
    }

    /** Whether a rendering is this outline with the texts in their places, be there more or less white space around them. */
    boolean fits(String rendered, List<String> texts) {
        int at = 0;
        for (Part part : parts) {
            String wanted = switch (part) {
                case Part.Own(String text) -> text;
                case Part.Place(int of) -> Blank.strip(texts.get(of));
            };
            at = Blank.skip(rendered, at);
            if (!rendered.startsWith(wanted, at)) {
                return false;
            }
            at += wanted.length();
        }
        return Blank.skip(rendered, at) == rendered.length();
    }

    static boolean blank(String text) {
        return Blank.skip(text, 0) == text.length();
    }
}
