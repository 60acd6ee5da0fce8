/** The console: pages of a browser over a dataset and a run. {@link dev.precept.console.Console} lists what it serves. */
@NullMarked
package dev.precept.console;

import org.jspecify.annotations.NullMarked;
