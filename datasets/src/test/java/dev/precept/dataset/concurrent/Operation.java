package dev.precept.dataset.concurrent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A command of a scenario.
 *
 * @param purge of a purge
 * @param withdrawals numbers of the withdrawals that existed when the command was started
 * @param planned whether the version of a release was planned or released when the command was started
 */
record Operation(
        String name, ObjectNode command, @Nullable PurgeRequest purge, Set<Long> withdrawals, boolean planned) {
    String version() {
        return command.path("version").asText();
    }

    /** Whether it makes a version. */
    boolean isRelease() {
        return name.equals("release") || name.equals("withdraw");
    }

    /** Whether it deletes files whose age it has checked; a process that is paused for days is then beyond what is promised. */
    boolean deletes() {
        return name.equals("purge") || name.equals("gc") || name.equals("abandon");
    }
}
