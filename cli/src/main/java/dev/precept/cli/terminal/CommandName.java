package dev.precept.cli.terminal;

import dev.precept.runtime.ShellWord;

/** How this command was called, so that the commands in messages can be pasted. */
public final class CommandName {
    /** Set by the launcher. */
    private static final String PROPERTY = "precept.command";

    private static final String NAME = "precept";
    /** Commands in messages stand in quotes. */
    private static final String QUOTED = "'" + NAME + " ";

    private CommandName() {}

    public static String get() {
        return ShellWord.of(System.getProperty(PROPERTY, NAME));
    }

    /** A message, with each {@code 'precept …'} in it as it must be called here. */
    public static String in(String message) {
        return message.replace(QUOTED, "'" + get() + " ");
    }
}
