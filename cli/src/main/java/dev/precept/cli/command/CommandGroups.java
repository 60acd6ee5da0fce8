package dev.precept.cli.command;

import java.util.List;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.Column.Overflow;
import picocli.CommandLine.Help.TextTable;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * Lists the commands of {@code precept --help} in groups, in the order in which a new user needs them, with the first
 * sentence of each description.
 */
final class CommandGroups {
    private static final int NAME_COLUMN = 17;

    private static final List<Group> GROUPS = List.of(
            new Group(
                    "Make a dataset",
                    "init",
                    "doctor",
                    "show-prompts",
                    "template",
                    "preview",
                    "run",
                    "show",
                    "console"),
            new Group("Control a run", "runs", "status", "pause", "resume", "cancel", "redrive", "recover"),
            new Group("Use a dataset", "pull", "read", "card", "verify", "decontaminate"),
            new Group("Evaluate a model", "eval"),
            new Group("Train with a dataset", "reward"),
            new Group("Maintain a dataset", "release", "ref", "withdraw", "purge", "compact", "gc", "audit"),
            new Group("Deploy the roles", "topics", "worker", "mock-model"));

    private CommandGroups() {}

    private record Group(String title, List<String> commands) {
        Group(String title, String... commands) {
            this(title, List.of(commands));
        }
    }

    /** All commands, in the order of the help. */
    static List<String> names() {
        return GROUPS.stream().flatMap(group -> group.commands().stream()).toList();
    }

    static void apply(CommandLine command) {
        command.getHelpSectionMap().remove(UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING);
        command.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, CommandGroups::list);
    }

    private static String list(Help help) {
        StringBuilder list = new StringBuilder();
        for (Group group : GROUPS) {
            TextTable table = TextTable.forColumns(
                    help.colorScheme(),
                    new Column(NAME_COLUMN, 2, Overflow.SPAN),
                    new Column(help.commandSpec().usageMessage().width() - NAME_COLUMN, 0, Overflow.WRAP));
            for (String name : group.commands()) {
                table.addRowValues(
                        name,
                        firstSentence(Objects.requireNonNull(help.subcommands().get(name), name)));
            }
            list.append(System.lineSeparator())
                    .append(group.title())
                    .append(':')
                    .append(System.lineSeparator());
            list.append(table);
        }
        return list.toString();
    }

    private static String firstSentence(Help command) {
        String description = command.commandSpec().usageMessage().description()[0];
        int end = description.indexOf(". ");
        return end < 0 ? description : description.substring(0, end + 1);
    }
}
