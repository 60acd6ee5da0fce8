/** The rows of a dataset: an index of their short columns, filters, search, and one row with all that is known of it. */
@NullMarked
package dev.precept.console.rows;

import org.jspecify.annotations.NullMarked;
