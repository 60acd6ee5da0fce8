package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.cli.run.RunRecipe;
import dev.precept.config.Recipe;
import dev.precept.prompts.PromptSource;
import dev.precept.prompts.SourceFiles;
import dev.precept.runtime.WorkFolder;
import dev.precept.spec.SpecFolder;
import dev.precept.spec.Specification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The help lists commands by task, a typing error gets a suggestion, and init writes a recipe that can be run. */
class CommandHelpTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void withoutACommandTheHelpIsPrinted() {
        CommandResult alone = CommandResult.run();
        assertThat(alone.code()).isZero();
        assertThat(alone.out()).isEqualTo(CommandResult.run("--help").out());
        assertThat(alone.out())
                .containsSubsequence(
                        "Make a dataset:", "init", "run", "show", "Control a run:", "Maintain a dataset:", "Deploy");
        CommandLine command = Precept.command();
        assertThat(command.getSubcommands().keySet())
                .allMatch(name -> alone.out().contains("\n  " + name + " "));
        assertThat(alone.out().lines()).allMatch(line -> line.length() <= 80);
    }

    @ParameterizedTest
    @CsvSource({"help, --help", "help run, run --help", "help eval compare, eval compare --help"})
    void helpIsAWordToo(String asked, String option) {
        CommandResult result = CommandResult.run(asked.split(" +"));
        assertThat(result.code()).isZero();
        assertThat(result.out()).isEqualTo(CommandResult.run(option.split(" +")).out());
    }

    /** Its model alone is made where a command is named. */
    @Test
    void eachCommandIsFoundByItsName() {
        for (String name : Precept.command().getSubcommands().keySet()) {
            assertThat(Precept.command(name, "--help").getSubcommands()).containsOnlyKeys(name);
        }
        assertThat(Precept.command("--version").getSubcommands()).hasSizeGreaterThan(20);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            statsu            | unknown command 'statsu'; did you mean 'status'?        | see 'precept --help'
            realease          | unknown command 'realease'; did you mean 'release'?     | see 'precept --help'
            look              | unknown command 'look'                                  | see 'precept --help'
            show --rejcted    | unknown option '--rejcted'; did you mean '--rejected'?  | see 'precept show --help'
            show --row=3      | unknown option '--row'; did you mean '--rows'?          | see 'precept show --help'
            show a b          | unexpected argument 'b'                                 | see 'precept show --help'
            show --seed x     | --seed x: give a whole number                           | see 'precept show --help'
            show --below low  | --below low: give a number                              | see 'precept show --help'
            release --range 1.5 | --range 1.5: give a whole number                      | see 'precept release --help'
            """)
    void aTypingErrorGetsASuggestion(String arguments, String problem, String help) {
        CommandResult result = CommandResult.run(arguments.split(" +"));
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err().lines()).containsExactly(problem, help);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "show --dataset D",
                "pull --dataset D@v1",
                "read --dataset D@v1",
                "verify --dataset D",
                "release --dataset D --as v1",
                "ref --dataset D latest",
                "withdraw --dataset D@v1 --as v2 --sample a --why w",
                "purge --dataset D --sample a --why w",
                "compact --dataset D",
                "gc --dataset D",
                "audit --dataset D"
            })
    void theDatasetIsAnOptionEverywhere(String line) {
        String missing = folder.resolve("none").toString();
        CommandResult option =
                CommandResult.run(line.replace(" D", " " + missing).split(" "));
        assertThat(option.code()).as(option.err()).isEqualTo(2);
        assertThat(option.err()).contains(missing).doesNotContain("unknown", "unexpected");
        CommandResult argument =
                CommandResult.run(line.replace("--dataset D", missing).split(" "));
        assertThat(argument.err()).isEqualTo(option.err());
    }

    @Test
    void theVersionHasAFixedForm() {
        assertThat(CommandResult.run("--version").out()).matches("precept \\S+ \\(commit \\w+\\)\\s+");
    }

    @Test
    void initWritesARecipeThatIsAcceptedAndOverwritesNothing() throws IOException {
        Path target = folder.resolve("my project");
        CommandResult made = CommandResult.run("init", target.toString());
        assertThat(made.code()).as(made.err()).isZero();
        assertThat(made.out()).contains("precept run \"" + target.resolve("recipe.yaml") + "\"");
        Path file = target.resolve("recipe.yaml");
        RunRecipe recipe = RunRecipe.read(Recipe.parse("recipe", file, target, Files.readString(file)), Map.of());
        Specification specification = SpecFolder.load(recipe.spec());
        assertThat(specification.name()).isEqualTo("my-specification");
        WorkFolder work = new WorkFolder(folder.resolve("work"));
        work.prepare();
        assertThat(SourceFiles.check(
                                recipe.prompts(),
                                work,
                                specification,
                                recipe.workers().runParameters())
                        .sources())
                .extracting(PromptSource::selectedRows)
                .containsExactly(8L);

        CommandResult again = CommandResult.run("init", target.toString());
        assertThat(again.code()).isEqualTo(2);
        assertThat(again.err()).contains("already there", "recipe.yaml", "nothing was written");
        Path other = folder.resolve("other");
        Files.createDirectories(other);
        Files.writeString(other.resolve("prompts.jsonl"), "mine");
        assertThat(CommandResult.run("init", other.toString()).code()).isEqualTo(2);
        assertThat(Files.readString(other.resolve("prompts.jsonl"))).isEqualTo("mine");
        try (var files = Files.list(other)) {
            assertThat(files.toList()).isEqualTo(List.of(other.resolve("prompts.jsonl")));
        }
    }
}
