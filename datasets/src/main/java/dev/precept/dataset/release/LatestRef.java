package dev.precept.dataset.release;

import java.util.Optional;

/**
 * Where the ref {@code latest} points after a release.
 *
 * @param before the version that it named when the release began; empty if it named none
 * @param now the version that it names; another one than the released one if that replaces no version that the ref names, or
 *     if another process moved the ref meanwhile
 */
public record LatestRef(Optional<String> before, Optional<String> now) {}
