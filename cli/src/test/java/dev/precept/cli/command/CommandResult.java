package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import picocli.CommandLine;

/** The exit code and output of a command. */
public record CommandResult(int code, String out, String err) {
    /** Runs the command as {@code main} does, in this process. */
    public static CommandResult run(String... args) {
        return run(() -> Precept.command(args), args);
    }

    /** The output of a command that must end with 0. */
    static String done(String... args) {
        CommandResult result = run(args);
        assertThat(result.code()).as(result.err()).isZero();
        return result.out();
    }

    /** As {@link #run(String...)}, of another command, which is made when its output is read. */
    static CommandResult run(Supplier<CommandLine> command, String... args) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
            int code = Precept.execute(command.get(), args);
            return new CommandResult(
                    code, output.toString(StandardCharsets.UTF_8), errors.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }
}
