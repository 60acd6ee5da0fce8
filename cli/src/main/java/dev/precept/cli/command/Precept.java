package dev.precept.cli.command;

import dev.precept.cli.run.BrokerEnd;
import dev.precept.cli.run.Logging;
import dev.precept.cli.terminal.AsciiPrintStream;
import dev.precept.cli.terminal.CommandName;
import dev.precept.cli.terminal.OutOfMemory;
import dev.precept.cli.terminal.Terminal;
import dev.precept.config.ConfigurationException;
import dev.precept.config.FileErrors;
import dev.precept.config.PathText;
import dev.precept.dataset.parquet.NativeLibraries;
import dev.precept.runtime.ExitCode;
import dev.precept.store.StoreException;
import dev.precept.store.location.OpenStores;
import dev.precept.store.s3.S3Store;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command. Exit codes: 0 released or done, 1 work left, 2 wrong configuration or input, 3 not released or not verified. */
@Command(
        name = "precept",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        description = "Generate and judge reasoning data that is grounded in a specification.")
final class Precept implements Runnable {
    private static final List<Class<?>> COMMANDS = List.of(
            InitCommand.class,
            DoctorCommand.class,
            PreviewCommand.class,
            ShowPromptsCommand.class,
            TemplateCommand.class,
            RunCommand.class,
            RunsCommand.class,
            StatusCommand.class,
            PauseCommand.class,
            ResumeCommand.class,
            CancelCommand.class,
            RedriveCommand.class,
            RecoverCommand.class,
            ShowCommand.class,
            ConsoleCommand.class,
            PullCommand.class,
            ReadCommand.class,
            VerifyCommand.class,
            CardCommand.class,
            DecontaminateCommand.class,
            EvalCommand.class,
            RewardCommand.class,
            ReleaseCommand.class,
            RefCommand.class,
            WithdrawCommand.class,
            PurgeCommand.class,
            CompactCommand.class,
            GcCommand.class,
            AuditCommand.class,
            TopicsCommand.class,
            WorkerCommand.class,
            MockModelCommand.class);
    private static final int HELP_COLUMNS = 80;
    /** The least that picocli can format. */
    private static final int MIN_HELP_COLUMNS = 60;

    private static final int MAX_HELP_COLUMNS = 120;

    @Spec
    private @Nullable CommandSpec spec;

    private Precept() {}

    /** Without a command: the help. */
    @Override
    public void run() {
        if (spec != null) {
            spec.commandLine().usage(spec.commandLine().getOut());
        }
    }

    public static void main(String[] args) {
        OutOfMemory.endsWithWorkLeft();
        BrokerEnd.endsWithWorkLeft();
        Locale.setDefault(Locale.ROOT); // keys, numbers and messages are the same on every machine, in libraries too
        AsciiPrintStream.install();
        S3Store.keepConnections();
        Logging.quiet(); // until a command configures logging
        CommandLine command = command(args);
        int code = execute(command, args);
        System.out.flush();
        System.err.flush();
        OpenStores.closeAll();
        // Clients of a stopped broker keep threads alive that have nothing left to do.
        Runtime.getRuntime().halt(code);
    }

    /** As {@link CommandLine#execute}, which explains exceptions but not errors, such as a library that cannot be loaded. */
    static int execute(CommandLine command, String... args) {
        try {
            return command.execute(asked(args));
        } catch (VirtualMachineError e) {
            throw e; // out of memory ends the process
        } catch (LinkageError e) {
            return explain(unloadable(e), System.err);
        } catch (Error e) {
            return explain(new IllegalStateException(reason(e), e), System.err);
        }
    }

    /** {@code help COMMAND}, as git and others have it, is {@code COMMAND --help}. */
    private static String[] asked(String... args) {
        if (args.length == 0 || !args[0].equals("help")) {
            return args;
        }
        return Stream.concat(Arrays.stream(args).skip(1), Stream.of("--help")).toArray(String[]::new);
    }

    /** Names the temporary folder, where that is the reason. */
    private static Exception unloadable(LinkageError e) {
        try {
            NativeLibraries.requireLoadable();
            return new IllegalStateException(reason(e), e);
        } catch (ConfigurationException | UncheckedIOException cause) {
            return cause;
        }
    }

    private static String reason(Error e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null
                ? cause.toString()
                : cause.getMessage().lines().findFirst().orElse("");
    }

    /**
     * The command line for some arguments. The model of a command is made by reflection, which takes as long as a short
     * command itself: where the first argument names one, the others are left out.
     */
    static CommandLine command(String... args) {
        CommandLine command = new CommandLine(new Precept());
        List<Class<?>> named = COMMANDS.stream()
                .filter(each -> args.length > 0 && each.getSimpleName().equals(className(args[0])))
                .toList();
        (named.isEmpty() ? COMMANDS : named).forEach(command::addSubcommand);
        command.setCaseInsensitiveEnumValuesAllowed(true);
        CommandGroups.apply(command);
        command.setExecutionExceptionHandler((e, line, parsed) -> explain(e, System.err));
        command.setParameterExceptionHandler((e, _) -> HelpfulErrors.explain(e, System.err));
        // In the character set of the streams, which may be replaced.
        command.setOut(new PrintWriter(System.out, true, System.out.charset()));
        command.setErr(new PrintWriter(System.err, true, System.err.charset()));
        command.setUsageHelpWidth(
                Math.clamp(Terminal.columnsOfOutput().orElse(HELP_COLUMNS), MIN_HELP_COLUMNS, MAX_HELP_COLUMNS));
        return command;
    }

    /** As in show-prompts: ShowPromptsCommand. */
    private static String className(String command) {
        return Arrays.stream(command.split("-"))
                .filter(word -> !word.isEmpty())
                .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                .collect(Collectors.joining("", "", "Command"));
    }

    static int explain(Exception e, PrintStream err) {
        if (e instanceof ConfigurationException wrong) {
            wrong.problems().forEach(problem -> err.println(CommandName.in(problem)));
            return ExitCode.MISCONFIGURED.code();
        }
        if (e instanceof InvalidPathException path) {
            err.println(PathText.describe(path));
            return ExitCode.MISCONFIGURED.code();
        }
        LoggerFactory.getLogger(Precept.class).atError().setCause(e).log("command failed");
        Throwable cause = e instanceof UncheckedIOException && e.getCause() != null ? e.getCause() : e;
        ExitCode code = exitCode(cause);
        if (code == ExitCode.WORK_LEFT) {
            err.println("failed: " + describe(e, cause) + "; completed work is safe, "
                    + (isOutage(cause)
                            ? "run the same command again to resume"
                            : "and this is probably an error of precept: if the same command fails again, report it")
                    + Logging.file().map(file -> "; log: " + file).orElse(""));
        } else {
            err.println(CommandName.in(String.valueOf(cause.getMessage())));
        }
        return code.code();
    }

    private static String describe(Exception e, Throwable cause) {
        String why = cause instanceof FileSystemException file // its message may be a path, and no more
                ? (file.getFile() == null ? "" : file.getFile() + ": ") + FileErrors.describe(file)
                : cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        String what = e.getMessage();
        if (cause.equals(e) || what == null || what.equals(cause.toString())) {
            return why;
        }
        return what.contains(why) ? what : what + " (" + why + ")";
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
