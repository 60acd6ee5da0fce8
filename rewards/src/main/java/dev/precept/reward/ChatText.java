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
     * The completion behind a prompt, in the text of both.
     *
     * @param prompt as the chat template wrote it or before, with or without special tokens; blank if it is not known
     * @throws BadRequestException if the text does not hold the prompt
     */
    static String completion(String where, String text, String prompt) throws BadRequestException {
        if (prompt.isBlank()) {
            return SpecialTokens.lastAssistantTurn(text);
        }
        if (text.startsWith(prompt)) {
            return text.substring(prompt.length());
        }
        // A short prompt may also be a part of the system text, and an answer may repeat it or a mark: the first one in
        // a
        // turn of the user is the prompt.
        String ofUser = text.substring(firstUserTurn(text));
        return behind(ofUser, prompt)
                .or(() -> behind(text, prompt))
                .or(() -> behind(SpecialTokens.without(ofUser), SpecialTokens.without(prompt)))
                .or(() -> behind(SpecialTokens.without(text), SpecialTokens.without(prompt)))
                .orElseThrow(() -> new BadRequestException(where
                        + ": does not contain its prompt, so its answer cannot be told apart; send the prompts too"));
    }

    private static Optional<String> behind(String text, String prompt) {
        int at = text.indexOf(prompt);
        return at < 0 ? Optional.empty() : Optional.of(text.substring(at + prompt.length()));
    }

    /** Where the first turn of the user begins; 0 if the text has no marks of a chat template. */
    private static int firstUserTurn(String text) {
        return TURN.matcher(text)
                .results()
                .filter(mark -> role(mark).equals("user"))
                .findFirst()
                .map(MatchResult::start)
                .orElse(0);
    }
}
