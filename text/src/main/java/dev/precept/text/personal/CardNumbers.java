package dev.precept.text.personal;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Card numbers: 13 to 19 digits of the range of an issuer with a right check digit (Luhn, ISO/IEC 7812). */
final class CardNumbers {
    private static final Pattern DIGITS =
            Pattern.compile("(?<![\\p{L}\\d.,_/-])\\d(?:[ -]?\\d){12,18}(?![\\p{L}\\d_/-]|[.,]\\d)");
    private static final Pattern ISSUED =
            Pattern.compile("4(?:\\d{12}|\\d{15}|\\d{18})|5[1-5]\\d{14}|2(?:22[1-9]|2[3-9]\\d|[3-6]\\d\\d"
                    + "|7[01]\\d|720)\\d{12}|3[47]\\d{13}|3(?:0[0-5]|[68]\\d)\\d{11}|6(?:011|5\\d\\d|4[4-9]\\d)\\d{12}|35(?:2[89]|[3-8]\\d)\\d{12}"
                    + "|62\\d{14,17}");
    /** The numbers that payment services publish for tests. */
    private static final Set<String> EXAMPLES = Set.of(
            "4111111111111111",
            "4242424242424242",
            "4000056655665556",
            "4012888888881881",
            "5555555555554444",
            "5105105105105100",
            "378282246310005",
            "371449635398431",
            "6011111111111117",
            "6011000990139424",
            "30569309025904",
            "38520000023237",
            "3530111333300000",
            "3566002020360505",
            "4532015112830366");

    private static final int FEWEST_DIGITS = 13;

    private CardNumbers() {}

    static void find(String text, Set<PersonalData.Value> values) {
        if (!DigitRun.isIn(text, FEWEST_DIGITS, 1)) {
            return;
        }
        Matcher digits = DIGITS.matcher(text);
        while (digits.find()) {
            String number = digits.group().replaceAll("[ -]", "");
            if (ISSUED.matcher(number).matches() && isChecked(number) && !EXAMPLES.contains(number)) {
                values.add(new PersonalData.Value(PersonalKind.CARD, number));
            }
        }
    }

    private static boolean isChecked(String number) {
        int sum = 0;
        for (int i = 0; i < number.length(); i++) {
            int digit = number.charAt(number.length() - 1 - i) - '0';
            int doubled = i % 2 == 0 ? digit : digit * 2;
            sum += doubled > 9 ? doubled - 9 : doubled;
        }
        return sum % 10 == 0;
    }
}
