package dev.precept.cli.command;

import dev.precept.cli.terminal.CommandName;
import dev.precept.runtime.ExitCode;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Explains a command line that cannot be parsed: what is wrong, what may be meant, where the help is. */
final class HelpfulErrors {
    /** Edits between a typing error and the word that is meant. */
    private static final int MAX_EDITS = 3;

    private static final Set<Class<?>> WHOLE = Set.of(int.class, Integer.class, long.class, Long.class);

    private HelpfulErrors() {}

    static int explain(ParameterException e, PrintStream err) {
        CommandLine command = e.getCommandLine();
        err.println(e instanceof UnmatchedArgumentException unmatched ? unmatched(command, unmatched) : invalid(e));
        String called = command.getCommandSpec().qualifiedName();
        err.println(CommandName.in("see '" + called + " --help'"));
        return ExitCode.MISCONFIGURED.code();
    }

    private static String invalid(ParameterException e) {
        ArgSpec argument = e.getArgSpec();
        String allowed = argument == null || e.getValue() == null ? "" : allowed(argument.type());
        if (argument == null || allowed.isEmpty()) {
            return String.valueOf(e.getMessage());
        }
        String name = argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
        return name + " " + e.getValue() + ": give " + allowed;
    }

    /** The choices of an enum are written in lower case, as in recipes; a number is not named by its type in Java. */
    private static String allowed(Class<?> type) {
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .map(choice -> choice.toString().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(" or "));
        }
        if (WHOLE.contains(type)) {
            return "a whole number";
        }
        return type == double.class || type == Double.class ? "a number" : "";
    }

    private static String unmatched(CommandLine command, UnmatchedArgumentException e) {
        String argument = e.getUnmatched().getFirst();
        if (e.isUnknownOption()) {
            String name = argument.split("=", 2)[0];
            List<String> options = command.getCommandSpec().options().stream()
                    .map(OptionSpec::longestName)
                    .toList();
            return "unknown option '" + name + "'" + suggestion(name, options.stream());
        }
        boolean isCommand = !command.getSubcommands().isEmpty();
        return isCommand
                ? "unknown command '" + argument + "'"
                        + suggestion(argument, command.getSubcommands().keySet().stream())
                : "unexpected argument '" + argument + "'";
    }

    private static String suggestion(String given, Stream<String> names) {
        String word = given.toLowerCase(Locale.ROOT);
        return names.filter(name -> edits(word, name) <= Math.min(MAX_EDITS, (name.length() + 1) / 2)
                        || (word.length() >= 2 && name.startsWith(word)))
                .min(Comparator.<String>comparingInt(name -> edits(word, name)).thenComparing(name -> name))
                .map(name -> "; did you mean '" + name + "'?")
                .orElse("");
    }

    /** Insertions, deletions and replacements that make one word the other. */
    private static int edits(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[other.length()];
    }
}
