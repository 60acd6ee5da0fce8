/** The page of a run: its status, its model servers, and its control. */
@NullMarked
package dev.precept.console.live;

import org.jspecify.annotations.NullMarked;
