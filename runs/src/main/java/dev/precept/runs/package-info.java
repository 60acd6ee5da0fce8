/** Control and progress of a run, for processes beside it: the command line, a console. */
@NullMarked
package dev.precept.runs;

import org.jspecify.annotations.NullMarked;
