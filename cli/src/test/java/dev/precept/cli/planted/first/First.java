package dev.precept.cli.planted.first;

import dev.precept.cli.planted.second.Second;
import org.jspecify.annotations.Nullable;

/** Half of a cycle of packages, for the test of the arrows. */
public record First(@Nullable Second second) {}
