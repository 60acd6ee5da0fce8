package dev.precept.dataset.release;

import java.util.Optional;

/**
 * Where the ref {@code latest} points after a release.
 *
 * @param before the version that it named when the release began; empty if it named none
 * @param now the version that it names; another one than the released one if that replaces no version that the ref names, or
 *     if another process moved the ref meanwhile
 */
public record LatestRef(Optional<String> before, Optional<String> now) {
    /** Where it points after a release, if no other process moves it: a version made from another one replaces only that one. */
    static LatestRef after(Optional<String> before, Optional<String> from, String version) {
        boolean isReplaced = from.isEmpty() || before.isEmpty() || before.equals(from);
        return new LatestRef(before, isReplaced ? Optional.of(version) : before);
    }
}
