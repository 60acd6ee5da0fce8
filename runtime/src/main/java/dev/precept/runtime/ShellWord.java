package dev.precept.runtime;

import java.util.regex.Pattern;

/** An argument of a command line, so that a command in a message can be pasted into a shell. */
public final class ShellWord {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./~-]+");

    private ShellWord() {}

    /** The argument, in double quotes where it needs any. */
    public static String of(String argument) {
        return PLAIN.matcher(argument).matches()
                ? argument
                : "\"" + argument.replaceAll("([\"\\\\$`])", "\\\\$1") + "\"";
    }
}
