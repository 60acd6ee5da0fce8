package dev.precept.cli.command;

import dev.precept.cli.run.Logging;
import dev.precept.cli.terminal.AsciiPrintStream;
import dev.precept.cli.terminal.CommandName;
import dev.precept.config.ConfigurationException;
import dev.precept.runtime.ExitCode;
import dev.precept.store.StoreException;
import dev.precept.store.location.OpenStores;
import dev.precept.store.s3.S3Store;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import org.apache.kafka.common.KafkaException;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command. Exit codes: 0 released or done, 1 work left, 2 wrong configuration or input, 3 not released or not verified. */
@Command(
        name = "precept",
        mixinStandardHelpOptions = true,
        version = "precept 0.1",
        description = "Generates and judges reasoning data that is grounded in a specification.",
        subcommands = {
            DoctorCommand.class,
            PreviewCommand.class,
            RunCommand.class,
            StatusCommand.class,
            PauseCommand.class,
            ResumeCommand.class,
            CancelCommand.class,
            RedriveCommand.class,
            RecoverCommand.class,
            ShowCommand.class,
            PullCommand.class,
            ReadCommand.class,
            VerifyCommand.class,
            ReleaseCommand.class,
            RefCommand.class,
            WithdrawCommand.class,
            PurgeCommand.class,
            CompactCommand.class,
            GcCommand.class,
            AuditCommand.class,
            TopicsCommand.class,
            WorkerCommand.class,
            MockModelCommand.class
        })
final class Precept {
    private Precept() {}

    public static void main(String[] args) {
        Locale.setDefault(Locale.ROOT); // keys, numbers and messages are the same on every machine, in libraries too
        AsciiPrintStream.install();
        S3Store.keepConnections();
        Logging.quiet(); // until a command configures logging
        CommandLine command = command();
        int code = command.execute(args);
        System.out.flush();
        System.err.flush();
        OpenStores.closeAll();
        // Clients of a stopped broker keep threads alive that have nothing left to do.
        Runtime.getRuntime().halt(code);
    }

    static CommandLine command() {
        CommandLine command = new CommandLine(new Precept());
        command.setCaseInsensitiveEnumValuesAllowed(true);
        CommandGroups.apply(command);
        command.setExecutionExceptionHandler((e, line, parsed) -> explain(e, System.err));
        command.setParameterExceptionHandler((e, args) -> {
            System.err.println(e.getMessage());
            System.err.println("see 'precept " + e.getCommandLine().getCommandName() + " --help'");
            return ExitCode.MISCONFIGURED.code();
        });
        return command;
    }

    static int explain(Exception e, PrintStream err) {
        if (e instanceof ConfigurationException wrong) {
            wrong.problems().forEach(problem -> err.println(CommandName.in(problem)));
            return ExitCode.MISCONFIGURED.code();
        }
        LoggerFactory.getLogger(Precept.class).atError().setCause(e).log("command failed");
        Throwable cause = e instanceof UncheckedIOException && e.getCause() != null ? e.getCause() : e;
        ExitCode code = exitCode(cause);
        if (code == ExitCode.WORK_LEFT) {
            err.println("failed: " + describe(e, cause) + "; completed work is safe, "
                    + (isOutage(cause)
                            ? "run the same command again to resume"
                            : "and this is probably an error of precept: if the same command fails again, report it"));
        } else {
            err.println(cause.getMessage());
        }
        return code.code();
    }

    private static String describe(Exception e, Throwable cause) {
        String what = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return cause.equals(e) ? what : what + " (" + cause + ")";
    }

    /** A store, a disk, a broker or a person ended it, so that another attempt may succeed. */
    private static boolean isOutage(Throwable e) {
        for (Throwable at = e; at != null; at = at.getCause()) {
            if (at instanceof IOException || at instanceof KafkaException || at instanceof InterruptedException) {
                return true;
            }
        }
        return false;
    }

    private static ExitCode exitCode(Throwable cause) {
        return switch (cause) {
            case StoreException.Misconfigured _ -> ExitCode.MISCONFIGURED;
            case StoreException.Corrupt _ -> ExitCode.NOT_RELEASED;
            default -> ExitCode.WORK_LEFT;
        };
    }
}
