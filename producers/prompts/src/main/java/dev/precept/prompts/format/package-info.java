/** JSON lines, JSON arrays, CSV and TSV, plain or gzip. */
@NullMarked
package dev.precept.prompts.format;

import org.jspecify.annotations.NullMarked;
