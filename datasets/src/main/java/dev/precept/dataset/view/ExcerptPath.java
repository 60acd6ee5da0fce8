package dev.precept.dataset.view;

/** Where a version has the excerpts of specifications that its rows name. */
public final class ExcerptPath {
    private ExcerptPath() {}

    /**
     * A path below the folder of the version.
     *
     * @param specVersion hash of the specification
     * @param sha256 of the excerpt
     */
    public static String of(String specVersion, String sha256) {
        return "specs/" + specVersion + "/excerpts/" + sha256 + ".md";
    }
}
