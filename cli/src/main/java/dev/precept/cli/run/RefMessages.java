package dev.precept.cli.run;

/** Messages about the ref {@code latest}. */
public final class RefMessages {
    private RefMessages() {}

    /** For a ref that another process moved, or that did not point to the version that the new one replaces. */
    public static String notMoved(String version) {
        return "latest still points to " + version + "; 'precept ref DATASET latest NAME' moves it";
    }
}
