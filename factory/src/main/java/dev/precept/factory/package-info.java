/** The {@code precept} command, and a run: every app in one process, on an embedded broker. */
@NullMarked
package dev.precept.factory;

import org.jspecify.annotations.NullMarked;
