package dev.precept.text.personal;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** E-mail addresses, without those of domains that are reserved for examples. */
final class Emails {
    private static final int LONGEST = 320;
    private static final Pattern ADDRESS = Pattern.compile(
            "[\\p{L}\\p{N}][\\p{L}\\p{N}._%+-]{0,63}@(?:[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]{0,62})\\.){1,8}(?<top>\\p{L}{2,24})(?![\\p{L}\\p{N}_-])");
    /** RFC 2606 and RFC 6761, and the stand-ins of manuals. */
    private static final Pattern EXAMPLE = Pattern.compile(
            "@(?:[^@]{0,200}\\.)?(?:example(?:\\.\\w{2,8})?|test|invalid|localhost|(?:your|my)?(?:domain|company|email|school|organization)\\.(?:com|org|net|edu))$");

    private Emails() {}

    static void find(String text, Set<PersonalData.Value> values) {
        Matcher address = ADDRESS.matcher(text);
        int done = 0;
        for (int at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
            int start = at;
            while (start > done && at - start < LONGEST && isLocal(text.charAt(start - 1))) {
                start--;
            }
            while (start < at && !Character.isLetterOrDigit(text.charAt(start))) {
                start++;
            }
            if (start < at
                    && address.region(start, Math.min(text.length(), at + LONGEST))
                            .useTransparentBounds(true)
                            .lookingAt()) {
                String found = address.group().toLowerCase(Locale.ROOT);
                if (!EXAMPLE.matcher(found).find()) {
                    values.add(new PersonalData.Value(PersonalKind.EMAIL, found));
                }
                done = address.end();
            }
        }
    }

    private static boolean isLocal(char c) {
        return Character.isLetterOrDigit(c) || c == '.' || c == '_' || c == '%' || c == '+' || c == '-';
    }
}
