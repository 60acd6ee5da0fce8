/** Rows of a version as one HTML file that needs no server. */
@NullMarked
package dev.precept.console.export;

import org.jspecify.annotations.NullMarked;
