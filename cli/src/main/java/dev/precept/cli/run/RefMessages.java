package dev.precept.cli.run;

/** What the commands print about the ref {@code latest}. */
public final class RefMessages {
    private RefMessages() {}

    /** For a ref that another process moved, or that never named the version that the new one replaces. */
    public static String notMoved(String version) {
        return "latest stays at " + version + "; 'precept ref DATASET latest NAME' moves it";
    }
}
