package dev.precept.cli.terminal;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The terminal that a stream of this process is connected to. The width is read from the kernel (ioctl TIOCGWINSZ) each
 * time, so that it follows a resize.
 */
public final class Terminal {
    /** Of a terminal that reports no width, such as a serial line. */
    public static final int DEFAULT_COLUMNS = 80;

    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final long TIOCGWINSZ_LINUX = 0x5413;
    private static final long TIOCGWINSZ_BSD = 0x40087468;
    /** Bytes of struct winsize: rows, columns, and two sizes in pixels. */
    private static final long WINSIZE = 8;

    private static final long COLUMNS_OFFSET = 2;

    private Terminal() {}

    /** Loaded when a width is first read: commands without a terminal do not pay for it. */
    private static final class Ioctl {
        static final Optional<MethodHandle> HANDLE = find();

        @SuppressWarnings("restricted") // allowed by --enable-native-access
        private static Optional<MethodHandle> find() {
            Linker linker = Linker.nativeLinker();
            return linker.defaultLookup()
                    .find("ioctl")
                    .map(address -> linker.downcallHandle(
                            address,
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_LONG,
                                    ValueLayout.ADDRESS),
                            Linker.Option.firstVariadicArg(2)));
        }
    }

    /** Columns of the terminal of standard output; empty if it is a file or a pipe, or the terminal is dumb. */
    public static OptionalInt columnsOfOutput() {
        return columns(STDOUT, System.getenv());
    }

    /** As {@link #columnsOfOutput}, of standard error. */
    public static OptionalInt columnsOfErrors() {
        return columns(STDERR, System.getenv());
    }

    private static OptionalInt columns(int descriptor, Map<String, String> environment) {
        // A dumb terminal, such as a build server's, cannot overwrite a line.
        if (environment.getOrDefault("TERM", "").equals("dumb")) {
            return OptionalInt.empty();
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocate(WINSIZE);
            if (Ioctl.HANDLE.isEmpty()) {
                return OptionalInt.empty();
            }
            int result = (int) Ioctl.HANDLE.get().invokeExact(descriptor, request(), size);
            int columns = Short.toUnsignedInt(size.get(ValueLayout.JAVA_SHORT, COLUMNS_OFFSET));
            return result != 0 ? OptionalInt.empty() : OptionalInt.of(columns == 0 ? DEFAULT_COLUMNS : columns);
        } catch (Throwable e) {
            throw new IllegalStateException("ioctl cannot be called", e); // a wrong signature, not a missing terminal
        }
    }

    private static long request() {
        return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux")
                ? TIOCGWINSZ_LINUX
                : TIOCGWINSZ_BSD;
    }
}
