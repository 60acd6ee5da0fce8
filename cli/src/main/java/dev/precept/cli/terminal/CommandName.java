package dev.precept.cli.terminal;

import java.util.regex.Pattern;

/** How this command was called, so that the commands in messages can be pasted. */
public final class CommandName {
    /** Set by the launcher. */
    private static final String PROPERTY = "precept.command";

    private static final String NAME = "precept";
    /** Commands in messages stand in quotes. */
    private static final String QUOTED = "'" + NAME + " ";

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./~-]+");

    private CommandName() {}

    public static String get() {
        return quote(System.getProperty(PROPERTY, NAME));
    }

    /** A message, with each {@code 'precept …'} in it as it must be called here. */
    public static String in(String message) {
        return message.replace(QUOTED, "'" + get() + " ");
    }

    /** An argument of a command line for a shell: in double quotes where it needs any. */
    public static String quote(String argument) {
        return PLAIN.matcher(argument).matches()
                ? argument
                : "\"" + argument.replaceAll("([\"\\\\$`])", "\\\\$1") + "\"";
    }
}
