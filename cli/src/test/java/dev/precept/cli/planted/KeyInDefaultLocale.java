package dev.precept.cli.planted;

import java.util.function.UnaryOperator;

/** Writes a key in the digits of the machine's locale: for the test of the rule that forbids it. */
public final class KeyInDefaultLocale {
    @SuppressWarnings("StringCaseLocaleUsage") // planted
    public static final UnaryOperator<String> LOWER = String::toLowerCase;

    private KeyInDefaultLocale() {}

    public static String of(long number) {
        return String.format("%020d", number) + "%d".formatted(number);
    }
}
