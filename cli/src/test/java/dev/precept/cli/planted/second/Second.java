package dev.precept.cli.planted.second;

import dev.precept.cli.planted.first.First;
import org.jspecify.annotations.Nullable;

/** The other half of the cycle. */
public record Second(@Nullable First first) {}
