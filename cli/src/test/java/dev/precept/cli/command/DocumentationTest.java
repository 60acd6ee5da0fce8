package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.cli.run.RunRecipe;
import dev.precept.config.ConfigurationException;
import dev.precept.config.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * Every command, recipe and link of the documentation exists: commands are parsed by the command line, recipes are read, and
 * links are followed. {@link DocumentedCommandsTest} runs the pages.
 */
class DocumentationTest {
    /** What a block that shows some keys of a recipe leaves out: prompts, a specification, files and variables. */
    private static final Pattern NEEDS_MORE =
            Pattern.compile(": missing; |: no prompts; | does not exist; |the environment");

    private static final CommandLine PRECEPT = Precept.command();

    private static final Pattern COMMENT = Pattern.compile("(^|\\s)#.*");
    private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");
    private static final Pattern END_OF_COMMAND = Pattern.compile("\\s(\\|\\|?|>|>>|&&|;|&|2>)(\\s.*|$)");

    @Test
    void everyCommandIsOne() throws IOException {
        List<String> problems = new ArrayList<>();
        int commands = 0;
        for (MarkdownPage page : MarkdownPage.all()) {
            for (MarkdownPage.Block block : page.blocks()) {
                for (String line : lines(block)) {
                    commands++;
                    parse(block.where(), line, problems);
                }
            }
            for (String span : page.spans()) {
                if (isCommand(span)) {
                    commands++;
                    requireOptions(String.valueOf(page.path()), span, problems);
                }
            }
        }
        assertThat(problems).isEmpty();
        assertThat(commands).isGreaterThan(60);
    }

    @Test
    void everyRecipeIsOne() throws IOException {
        List<String> problems = new ArrayList<>();
        int recipes = 0;
        for (MarkdownPage page : MarkdownPage.all()) {
            for (MarkdownPage.Block block : page.blocks()) {
                if (block.language().equals("yaml")
                        && !block.notRun()
                        && !block.text().contains("apiVersion:")) {
                    recipes++;
                    read(block, problems);
                }
            }
        }
        assertThat(problems).isEmpty();
        assertThat(recipes).isGreaterThan(10);
    }

    @Test
    void everyLinkLeadsToAFile() throws IOException {
        List<String> dead = new ArrayList<>();
        for (MarkdownPage page : MarkdownPage.all()) {
            for (String link : page.links()) {
                String[] parts = link.split("#", 2);
                if (link.contains("://") || link.startsWith("mailto:")) {
                    continue;
                }
                Path target = parts[0].isEmpty() ? page.path() : page.path().resolveSibling(parts[0]);
                if (!Files.exists(target)) {
                    dead.add(page.path() + ": " + link);
                } else if (parts.length == 2 && !anchors(target).contains(parts[1])) {
                    dead.add(page.path() + ": " + link + " (no such heading)");
                }
            }
        }
        assertThat(dead).isEmpty();
    }

    /** The anchors of headings, as GitHub forms them. */
    private static List<String> anchors(Path page) {
        return MarkdownPage.read(page)
                .withoutBlocks()
                .lines()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+ ", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .toList();
    }

    /** The lines of a block that call precept, with continued lines joined. */
    private static List<String> lines(MarkdownPage.Block block) {
        return block.text()
                .replace("\\\n", " ")
                .lines()
                .map(line -> COMMENT.matcher(line).replaceFirst("").strip())
                .filter(DocumentationTest::isCommand)
                .toList();
    }

    private static boolean isCommand(String text) {
        return text.matches("(\\./)?precept [a-z-].*");
    }

    private static void parse(String where, String line, List<String> problems) {
        String[] words = words(line);
        try {
            PRECEPT.parseArgs(words);
        } catch (ParameterException e) {
            problems.add(where + ": " + line + ": " + e.getMessage());
        }
    }

    /** Of a command in a sentence, which need not be complete: command and options exist. */
    private static void requireOptions(String where, String span, List<String> problems) {
        CommandLine command = PRECEPT;
        for (String word : words(span)) {
            if (command.getSubcommands().containsKey(word)) {
                command = command.getSubcommands().get(word);
            } else if (command.getParent() == null && !word.startsWith("-") && word.matches("[a-z-]+")) {
                problems.add(where + ": " + span + ": no command " + word);
                return;
            } else if (word.startsWith("--")
                    && !command.getCommandSpec().optionsMap().containsKey(word.split("=")[0])) {
                problems.add(where + ": " + span + ": no option " + word);
            }
        }
    }

    private static String[] words(String line) {
        String command = END_OF_COMMAND.matcher(line).replaceFirst("").replaceFirst("^(\\./)?precept ", "");
        return WORD.matcher(command)
                .results()
                .map(word ->
                        word.group(1) != null ? word.group(1) : word.group(2) != null ? word.group(2) : word.group(3))
                .toArray(String[]::new);
    }

    /** A block may hold some keys only; an indented one continues the mapping {@code kafka}. */
    private static void read(MarkdownPage.Block block, List<String> problems) {
        String yaml = block.text().startsWith(" ") ? "kafka:\n" + block.text() : block.text();
        try {
            Recipe recipe = Recipe.parse(block.where(), MarkdownPage.ROOT, yaml);
            try {
                RunRecipe.read(recipe, Map.of());
            } catch (ConfigurationException e) {
                e.problems().stream()
                        .filter(problem -> !NEEDS_MORE.matcher(problem).find())
                        .forEach(problems::add);
            }
        } catch (ConfigurationException e) {
            problems.addAll(e.problems());
        }
    }
}
