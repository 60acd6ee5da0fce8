/** Rows of source files and their fields, independent of the format. */
@NullMarked
package dev.precept.prompts.row;

import org.jspecify.annotations.NullMarked;
