package dev.precept.cli.terminal;

import java.util.Locale;

/** A number of things, in words. */
public final class Count {
    private Count() {}

    /**
     * As in 1 file, and 1,200 files.
     *
     * @param one the noun; its plural ends in s
     */
    public static String of(long number, String one) {
        return String.format(Locale.ROOT, "%,d %s%s", number, one, number == 1 ? "" : "s");
    }
}
