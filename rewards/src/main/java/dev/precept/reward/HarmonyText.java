package dev.precept.reward;

import java.util.Optional;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the channels of a completion in the harmony format of gpt-oss, with its special tokens or decoded without them. */
final class HarmonyText {
    /** Never goes back over what it has read, however long a name is. */
    private static final Pattern HEADER =
            Pattern.compile("<\\|channel\\|>\\s*+([A-Za-z_]++)([^<]*+(?:<\\|constrain\\|>[^<]*+)?+)<\\|message\\|>");

    private static final Pattern MARK = Pattern.compile("<\\|(?:channel|message)\\|>");
    private static final Pattern END = Pattern.compile("<\\|(?:channel|start|end|return|call)\\|>");
    /** As decoded with skip_special_tokens. */
    private static final Pattern BARE = Pattern.compile("^analysis(?=[^\\s\\p{Ll}]|$)");

    private static final String BARE_FINAL = "assistantfinal";

    private HarmonyText() {}

    /** Whether a completion is written in channels. */
    static boolean matches(String text) {
        return MARK.matcher(text).find()
                || BARE.matcher(text).find()
                || (text.startsWith("analysis") && text.contains(BARE_FINAL));
    }

    /**
     * What the user sees: the final channel, remarks of the commentary channel, and calls of tools.
     *
     * @return empty if there is nothing but reasoning
     */
    static Optional<String> answer(String text) {
        if (!MARK.matcher(text).find()) {
            int end = text.indexOf(BARE_FINAL);
            return end < 0 ? Optional.empty() : Optional.of(text.substring(end + BARE_FINAL.length()));
        }
        StringJoiner answer = new StringJoiner("\n");
        boolean found = false;
        Matcher header = HEADER.matcher(text);
        while (header.find()) {
            String channel = header.group(1);
            if (channel.equals("final") || channel.equals("commentary")) {
                Matcher end = END.matcher(text);
                String content = text.substring(header.end(), end.find(header.end()) ? end.start() : text.length());
                String recipient = header.group(2).replace("<|constrain|>", " ").strip();
                answer.add(recipient.isEmpty() ? content : recipient + " " + content);
                found = true;
            }
        }
        return found ? Optional.of(answer.toString()) : Optional.empty();
    }
}
