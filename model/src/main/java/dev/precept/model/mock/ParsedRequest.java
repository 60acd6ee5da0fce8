package dev.precept.model.mock;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The parts of a request, from its messages. Clauses inside untrusted text are ignored.
 *
 * @param request the last user turn of the conversation
 * @param reasoning of the candidate to judge; answer and side information likewise
 * @param repair whether the request gives back an attempt that fell short
 */
record ParsedRequest(
        List<ParsedClause> clauses,
        String request,
        Optional<String> reasoning,
        Optional<String> answer,
        Optional<String> sideInformation,
        boolean repair) {
    private static final Pattern UNTRUSTED = Pattern.compile(
            "(?s)<<(conversation|reasoning|answer|side_information|draft_reasoning|draft_answer|reviews) (\\S+)>>\\n(.*?)"
                    + "\\n<<end \\1 \\2>>");

    static ParsedRequest parse(JsonNode messages, ClauseHints hints) {
        String all = texts(messages).collect(Collectors.joining("\n"));
        List<MatchResult> blocks = UNTRUSTED.matcher(all).results().toList();
        return new ParsedRequest(
                ClauseParser.parse(UNTRUSTED.matcher(all).replaceAll("<<>>"), hints),
                lastBlock(blocks, "conversation")
                        .map(ParsedRequest::lastUserTurn)
                        .orElseGet(() -> lastUserMessage(messages)),
                block(blocks, "reasoning"),
                block(blocks, "answer"),
                block(blocks, "side_information"),
                block(blocks, "reviews").isPresent());
    }

    private static Optional<String> block(List<MatchResult> blocks, String label) {
        return lastBlock(blocks, label).map(block -> block.group(3).strip());
    }

    private static Optional<MatchResult> lastBlock(List<MatchResult> blocks, String label) {
        return blocks.stream().filter(block -> block.group(1).equals(label)).reduce((_, last) -> last);
    }

    /** Only a line with the nonce of the block begins a turn. */
    private static String lastUserTurn(MatchResult block) {
        String conversation = block.group(3);
        Matcher turn = Pattern.compile("(?m)^\\[([a-z_]+) " + Pattern.quote(block.group(2)) + "]$")
                .matcher(conversation);
        int from = 0;
        int to = conversation.length();
        boolean userTurn = false;
        while (turn.find()) {
            if (userTurn) {
                to = turn.start();
            }
            userTurn = turn.group(1).equals("user");
            if (userTurn) {
                from = turn.end();
                to = conversation.length();
            }
        }
        return conversation.substring(from, to).strip();
    }

    private static String lastUserMessage(JsonNode messages) {
        return StreamSupport.stream(messages.spliterator(), false)
                .filter(message -> message.path("role").asText("").equals("user"))
                .reduce((_, last) -> last)
                .map(message -> text(message.path("content")).strip())
                .orElse("");
    }

    private static Stream<String> texts(JsonNode messages) {
        return StreamSupport.stream(messages.spliterator(), false).map(message -> text(message.path("content")));
    }

    private static String text(JsonNode content) {
        if (content.isTextual()) {
            return content.textValue();
        }
        return StreamSupport.stream(content.spliterator(), false)
                .map(part -> part.path("text").asText(""))
                .collect(Collectors.joining());
    }
}
