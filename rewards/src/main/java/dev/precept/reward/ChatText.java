package dev.precept.reward;

import dev.precept.records.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Reads text that a chat template wrote: the turns of a prompt, and the completion behind it. Pure functions. */
final class ChatText {
    private static final Pattern TURN = Pattern.compile("<\\|im_start\\|>\\s*(\\w+)[^\\S\\n]*\\n?"
            + "|<\\|start_header_id\\|>\\s*(\\w+)\\s*<\\|end_header_id\\|>"
            + "|<start_of_turn>\\s*(\\w+)"
            + "|<\\|turn>\\s*(\\w+)"
            + "|<\\|start_of_role\\|>\\s*(\\w+)\\s*<\\|end_of_role\\|>"
            + "|<\\|start\\|>\\s*(\\w+)(?:<\\|channel\\|>\\w+)?(?:<\\|message\\|>)?"
            + "|<\\|(system|user|assistant)\\|>"
            + "|<｜(User|Assistant)｜>"
            + "|<\\|(SYSTEM|USER|CHATBOT)_TOKEN\\|>"
            + "|(\\[/?INST])");

    private ChatText() {}

    /** The turns of a prompt; a text without the marks of a chat template is one turn of the user. */
    static List<Message> turns(String prompt) {
        List<MatchResult> marks = TURN.matcher(prompt).results().toList();
        List<Message> turns = new ArrayList<>();
        if (marks.isEmpty()) {
            add(turns, "user", prompt);
            return turns;
        }
        add(turns, "system", prompt.substring(0, marks.getFirst().start()));
        for (int n = 0; n < marks.size(); n++) {
            int end = n + 1 < marks.size() ? marks.get(n + 1).start() : prompt.length();
            add(turns, role(marks.get(n)), prompt.substring(marks.get(n).end(), end));
        }
        return turns;
    }

    private static void add(List<Message> turns, String role, String text) {
        String stripped = SpecialTokens.strip(text);
        String content = role.equals("assistant") ? AnswerText.ofEarlierTurn(stripped) : stripped;
        if (!content.isEmpty()) {
            turns.add(Message.newBuilder().setRole(role).setContent(content).build());
        }
    }

    private static String role(MatchResult mark) {
        for (int group = 1; group <= mark.groupCount(); group++) {
            String named = mark.group(group);
            if (named != null) {
                return switch (named.toLowerCase(Locale.ROOT)) {
                    case "assistant", "model", "chatbot", "[/inst]" -> "assistant";
                    case "system" -> "system";
                    case "developer" -> "developer";
                    case "tool", "observation", "ipython", "function" -> "tool";
                    default -> "user";
                };
            }
        }
        return "user";
    }

    /**
     * The completion behind a prompt, in the text of both. What a completion holds itself, such as another turn with the same
     * prompt, does not shorten it where the prompt is known.
     *
     * @param prompt as the chat template wrote it or before, with or without special tokens; blank if it is not known
     * @throws BadRequestException if the text does not hold the prompt
     */
    static String completion(String where, String text, String prompt) throws BadRequestException {
        if (!prompt.isBlank() && text.startsWith(prompt)) {
            return text.substring(prompt.length());
        }
        List<MatchResult> marks = TURN.matcher(text).results().toList();
        if (prompt.isBlank()) {
            return behindLastQuestion(text, marks);
        }
        boolean isTemplated = marks.isEmpty() || TURN.matcher(prompt).find();
        return (isTemplated
                        ? behindBeginning(text, prompt).or(() -> behind(text, prompt))
                        : behindUserTurn(text, marks, prompt.strip()))
                .or(() -> behind(SpecialTokens.without(text), SpecialTokens.without(prompt)))
                .orElseThrow(() -> new BadRequestException(where
                        + ": does not contain its prompt, so its answer cannot be told apart; send the prompts too"));
    }

    /** Of a prompt that the template wrote: the text begins with it, but for tokens such as padding. */
    private static Optional<String> behindBeginning(String text, String prompt) {
        String own = prompt.substring(SpecialTokens.begin(prompt));
        int from = SpecialTokens.begin(text);
        return !own.isEmpty() && text.startsWith(own, from)
                ? Optional.of(text.substring(from + own.length()))
                : Optional.empty();
    }

    /**
     * Of a prompt before its template: the first turn of the user that ends with it, else the first that holds it. A template may
     * put a text of the system before it, a short prompt may also be a part of an earlier turn, and a completion may repeat it.
     */
    private static Optional<String> behindUserTurn(String text, List<MatchResult> marks, String prompt) {
        Optional<String> holds = Optional.empty();
        for (int n = 0; n < marks.size(); n++) {
            if (role(marks.get(n)).equals("user")) {
                int begin = marks.get(n).end();
                int end = n + 1 < marks.size() ? marks.get(n + 1).start() : text.length();
                String turn = SpecialTokens.strip(text.substring(begin, end));
                if (turn.endsWith(prompt) && !SpecialTokens.isIn(turn)) {
                    return Optional.of(text.substring(end));
                }
                int at = holds.isPresent() ? -1 : text.indexOf(prompt, begin, end);
                holds = at < 0 ? holds : Optional.of(text.substring(at + prompt.length()));
            }
        }
        return holds;
    }

    private static Optional<String> behind(String text, String prompt) {
        int at = text.indexOf(prompt);
        return at < 0 ? Optional.empty() : Optional.of(text.substring(at + prompt.length()));
    }

    /**
     * What follows the first beginning of a turn of the assistant behind the last one of another role; the text itself if there
     * is none. A completion may begin another turn of the assistant, which is a part of it.
     */
    private static String behindLastQuestion(String text, List<MatchResult> marks) {
        int begin = 0;
        boolean isAnswer = false;
        for (MatchResult mark : marks) {
            boolean isAssistant = role(mark).equals("assistant");
            if (isAssistant && !isAnswer) {
                begin = mark.end();
            }
            isAnswer = isAssistant;
        }
        return text.substring(begin);
    }
}
