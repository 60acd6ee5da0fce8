package dev.precept.cli.run;

/** An app failed. Completed work is safe, and the same command resumes the run. */
public final class PipelineStoppedException extends Exception {
    private static final long serialVersionUID = 1L;

    PipelineStoppedException(String message, Throwable cause) {
        super(message, cause);
    }

    /** With the first cause, which a library may keep to itself, as of a store that cannot be opened on a full disk. */
    static PipelineStoppedException of(String app, Throwable failure) {
        Throwable first = failure;
        while (first.getCause() != null) {
            first = first.getCause();
        }
        String message = String.valueOf(failure.getMessage());
        String why = String.valueOf(first.getMessage());
        return new PipelineStoppedException(
                app + " failed: " + message + (message.contains(why) ? "" : " (" + why + ")")
                        + "; completed work is safe: repair the cause and run the same command again",
                failure);
    }
}
