/** Rows of source files and their fields, whatever the format. */
@NullMarked
package dev.precept.prompts.row;

import org.jspecify.annotations.NullMarked;
