package dev.precept.chattemplate;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Resolves the escapes of a string literal as Python does. Unknown escapes are kept. */
final class Escapes {
    private static final Pattern ESCAPE = Pattern.compile(
            "\\\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U(000[0-9a-fA-F]{5}|0010[0-9a-fA-F]{4})|([0-7]{1,3})|(.))",
            Pattern.DOTALL);

    private Escapes() {}

    static String resolve(String written) {
        return written.indexOf('\\') < 0 ? written : ESCAPE.matcher(written).replaceAll(Escapes::one);
    }

    private static String one(MatchResult escape) {
        for (int hex = 1; hex <= 3; hex++) {
            if (escape.group(hex) != null) {
                return quoted(Character.toString(Integer.parseInt(escape.group(hex), 16)));
            }
        }
        if (escape.group(4) != null) {
            return quoted(Character.toString(Integer.parseInt(escape.group(4), 8)));
        }
        String named = escape.group(5);
        int known = "ntrfbav\\'\"\n".indexOf(named);
        return quoted(
                known < 0
                        ? escape.group()
                        : known == 10 ? "" : "\n\t\r\f\b\u0007\u000b\\'\"".substring(known, known + 1));
    }

    private static String quoted(String text) {
        return Matcher.quoteReplacement(text);
    }
}
