package dev.precept.runtime;

/** What a process tells its caller; the same for every command. */
public enum ExitCode {
    /** All was done; for a run: a version is released. */
    RELEASED(0),
    /** Work is left; the same command goes on from here. */
    WORK_LEFT(1),
    /** Configuration or input is wrong; nothing was begun, or nothing can go on, until it is mended. */
    MISCONFIGURED(2),
    /** Everything is terminal, but there is no release: a gate, no rows, a failed verification. */
    NOT_RELEASED(3);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
