package dev.precept.cli.command;

import dev.precept.cli.terminal.CommandName;
import dev.precept.config.ConfigurationException;
import dev.precept.config.FileErrors;
import dev.precept.runtime.ExitCode;
import dev.precept.runtime.ShellWord;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code precept init}. */
@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        description = "Write a recipe, a specification and prompts to begin from. Nothing is overwritten.")
final class InitCommand implements Callable<Integer> {
    private static final String RESOURCES = "/dev/precept/cli/init/";
    private static final String RECIPE = "recipe.yaml";
    private static final List<String> FILES = List.of(
            RECIPE,
            "prompts.jsonl",
            "spec/spec.yaml",
            "spec/00-principles.md",
            "spec/10-billing.md",
            "spec/20-account-access.md");

    @Parameters(
            arity = "0..1",
            paramLabel = "FOLDER",
            defaultValue = ".",
            description = "where to write; is created (default: the current folder)")
    private Path folder = Path.of(".");

    @Override
    public Integer call() {
        List<String> present = FILES.stream()
                .filter(file -> Files.exists(folder.resolve(file)))
                .map(file -> folder.resolve(file).normalize().toString())
                .toList();
        if (!present.isEmpty()) {
            throw new ConfigurationException(
                    "already there: " + String.join(", ", present) + "; nothing was written, name another folder");
        }
        for (String file : FILES) {
            write(file);
        }
        String recipe = ShellWord.of(folder.resolve(RECIPE).normalize().toString());
        String command = CommandName.get();
        System.out.println("wrote to " + folder.toAbsolutePath().normalize() + ":");
        System.out.println("  recipe.yaml     what is made, with which models; every key has a comment");
        System.out.println("  spec/           the rules: categories in spec.yaml, clauses in Markdown");
        System.out.println("  prompts.jsonl   the prompts, each with its categories");
        System.out.println("it runs as it is, with a mock model:");
        System.out.println("  " + command + " run " + recipe);
        System.out.println("then put in your own rules, prompts and model, and check them:");
        System.out.println("  " + command + " doctor " + recipe);
        System.out.println("  " + command + " preview " + recipe);
        return ExitCode.RELEASED.code();
    }

    private void write(String file) {
        Path to = folder.resolve(file);
        try (InputStream content =
                Objects.requireNonNull(InitCommand.class.getResourceAsStream(RESOURCES + file), file)) {
            Files.createDirectories(Objects.requireNonNull(to.getParent(), file));
            Files.copy(content, to);
        } catch (IOException e) {
            throw new ConfigurationException(
                    to + ": cannot be written (" + FileErrors.describe(e) + "); name a folder that can");
        }
    }
}
