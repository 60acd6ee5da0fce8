package dev.precept.text.personal;

/** A fast test before the search for numbers: most texts have no long run of digits. */
final class DigitRun {
    /** Letters that stand between the digits of a phone number, as libphonenumber has them. */
    private static final String MARKS = "xX\u30FC";

    private DigitRun() {}

    /**
     * Whether a text has a run of digits with few other characters between two of them, and no letter.
     *
     * @param digits of the shortest run
     * @param gap characters between two digits, at most
     */
    static boolean isIn(String text, int digits, int gap) {
        int run = 0;
        int between = 0;
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (Character.isDigit(c)) {
                run = between > gap ? 1 : run + 1;
                between = 0;
                if (run == digits) {
                    return true;
                }
            } else {
                between = Character.isLetter(c) && MARKS.indexOf(c) < 0 ? gap + 1 : between + 1;
            }
        }
        return false;
    }
}
