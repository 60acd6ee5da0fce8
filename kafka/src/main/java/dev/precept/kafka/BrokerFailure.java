package dev.precept.kafka;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Exit;
import org.jspecify.annotations.Nullable;

/** What ends a process whose embedded broker gives up, as on a full disk: Kafka alone halts it without a word. Thread-safe. */
public final class BrokerFailure {
    private static volatile @Nullable Consumer<Path> end;

    private BrokerFailure() {}

    /** @param action ends this process, for every broker that is started from now on; is given the folder of the broker */
    public static void endsWith(Consumer<Path> action) {
        end = action;
    }

    /** Kafka has one procedure for a process, so the folder is that of the broker that started last. */
    static void watch(Path folder) {
        Consumer<Path> action = end;
        if (action != null) {
            Exit.setHaltProcedure((_, _) -> action.accept(folder));
            Exit.setExitProcedure((_, _) -> action.accept(folder));
        }
    }
}
