package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** A choice is written in the help, and after a wrong value, as it is given. */
class CommandChoicesTest {
    /** The words of a command, the argument, and its choices. */
    static Stream<Arguments> choices() {
        List<Arguments> choices = new ArrayList<>();
        add(Precept.command(), List.of(), choices);
        assertThat(choices).hasSizeGreaterThan(3);
        return choices.stream();
    }

    private static void add(CommandLine command, List<String> words, List<Arguments> choices) {
        command.getCommandSpec().args().stream()
                .filter(argument -> argument.type().isEnum())
                .forEach(argument -> choices.add(Arguments.of(words, argument)));
        command.getSubcommands().forEach((name, sub) -> {
            List<String> path = new ArrayList<>(words);
            path.add(name);
            add(sub, path, choices);
        });
    }

    @ParameterizedTest
    @MethodSource("choices")
    void theHelpAndTheMessageHaveTheWordsThatAreGiven(List<String> command, ArgSpec argument) {
        List<String> given = Arrays.stream(argument.type().getEnumConstants())
                .map(choice -> choice.toString().toLowerCase(Locale.ROOT))
                .toList();
        assertThat(String.join(" ", argument.description())).contains(given);
        List<String> wrong = new ArrayList<>(command);
        if (argument instanceof OptionSpec option) {
            wrong.add(option.longestName());
        }
        wrong.add("idx");

        CommandResult result = CommandResult.run(wrong.toArray(String[]::new));

        assertThat(result.code()).isEqualTo(2);
        String name = argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
        assertThat(result.err()).startsWith(name + " idx: give " + String.join(" or ", given) + "\n");
    }
}
