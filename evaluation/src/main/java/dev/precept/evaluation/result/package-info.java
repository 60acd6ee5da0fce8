/** The folder and the files of a result: rows, numbers with intervals, the chart. */
@NullMarked
package dev.precept.evaluation.result;

import org.jspecify.annotations.NullMarked;
