package dev.precept.reward;

import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Removes reasoning between tags, in the notations of the common models. A pure function. */
final class ReasoningTags {
    private static final String NAMES = "(?:think|thinking|thoughts?|reasoning|seed:think)";
    /** The notations of R1 and Qwen, Magistral, Kimi, Sky-T1, Command, MedGemma and Gemma. */
    private static final Pattern TAG = Pattern.compile("(?<close><\\s*/\\s*(?i:" + NAMES + ")\\s*>|\\[/THINK]|◁/think▷"
            + "|<\\|end_of_thought\\|>|<\\|END_THINKING\\|>|<unused95>|<channel\\|>)"
            + "|<\\s*(?i:" + NAMES + ")(?:\\s[^<>]{0,100})?>|\\[THINK]|◁think▷"
            + "|<\\|begin_of_thought\\|>|<\\|START_THINKING\\|>|<unused94>|<\\|channel>\\s*thought\\b");

    private ReasoningTags() {}

    /**
     * The text without its reasoning: without each pair of tags and what is between, without what stands before a closing tag
     * that nothing opened (the chat template may have put the opening tag into the prompt), and without what follows a tag that
     * nothing closes.
     *
     * @return empty if a closing tag follows after an answer has begun: what stands before it could be either
     */
    static Optional<String> remove(String text) {
        List<MatchResult> tags = TAG.matcher(text).results().toList();
        boolean nested = isBalanced(tags);
        StringBuilder answer = new StringBuilder();
        int from = 0;
        int depth = 0;
        for (int n = 0; n < tags.size(); n++) {
            MatchResult tag = tags.get(n);
            if (!isClosing(tag)) {
                if (depth == 0) {
                    answer.append(text, from, tag.start());
                }
                depth = nested ? depth + 1 : 1;
            } else if (depth > 0) {
                depth--;
                from = tag.end();
            } else if (n == 0) {
                from = tag.end();
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(
                depth > 0
                        ? answer.toString()
                        : answer.append(text, from, text.length()).toString());
    }

    /** Whether each tag that opens is closed. If not, the first closing tag ends the reasoning, as servers read it. */
    private static boolean isBalanced(List<MatchResult> tags) {
        int depth = 0;
        for (MatchResult tag : tags) {
            depth += isClosing(tag) ? -1 : 1;
            if (depth < 0) {
                return false;
            }
        }
        return depth == 0;
    }

    private static boolean isClosing(MatchResult tag) {
        return tag.group("close") != null;
    }
}
