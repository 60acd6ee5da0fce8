package dev.precept.judging;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Parses a rendered request by its nonce alone, as a model is told to read it. Shares no code with the templates, and knows
 * nothing of roles or labels.
 *
 * @param blocks text by label, in order
 * @param frame the request with each block replaced by its label: what the template itself says
 */
record RequestParser(Map<String, String> blocks, String frame) {
    static RequestParser parse(String request, String nonce) {
        Map<String, String> blocks = new LinkedHashMap<>();
        StringBuilder frame = new StringBuilder();
        String close = " " + nonce + ">>";
        int at = 0;
        while (true) {
            int end = request.indexOf(close, at);
            if (end < 0) {
                return new RequestParser(blocks, frame + request.substring(at));
            }
            int start = request.lastIndexOf("<<", end);
            String label = request.substring(start + 2, end);
            String ending = "\n<<end " + label + close;
            int stop = request.indexOf(ending, end);
            if (start < at || stop < 0) {
                throw new AssertionError("a block does not end, or begins in another: " + label);
            }
            if (blocks.put(label, request.substring(end + close.length() + 1, stop)) != null) {
                throw new AssertionError("two blocks are called " + label);
            }
            frame.append(request, at, start).append('{').append(label).append('}');
            at = stop + ending.length();
        }
    }

    /** A turn of a block as {@code role: text}. */
    List<String> turns(String label, String nonce) {
        List<String> turns = new ArrayList<>();
        String mark = " " + nonce + "]\n";
        String text = blocks.getOrDefault(label, "");
        int end = text.indexOf(mark);
        while (end >= 0) {
            String role = text.substring(text.lastIndexOf('[', end) + 1, end);
            int next = text.indexOf(mark, end + 1);
            int stop = next < 0 ? text.length() : text.lastIndexOf('[', next) - "\n\n".length();
            turns.add(role + ": " + text.substring(end + mark.length(), stop));
            end = next;
        }
        return turns;
    }
}
