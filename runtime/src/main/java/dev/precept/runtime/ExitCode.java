package dev.precept.runtime;

/** Exit codes of all commands. */
public enum ExitCode {
    /** Success; for a run: a version is released. */
    RELEASED(0),
    /** Incomplete; the same command resumes the work. */
    WORK_LEFT(1),
    /** Wrong configuration or input, to be fixed before the command can start or continue. */
    MISCONFIGURED(2),
    /** The run is complete without a release: a failed gate, no rows, a failed verification. */
    NOT_RELEASED(3);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
