/** The hands of the line: generator and judge, two roles of one worker loop. They decide nothing but transport retries. */
@NullMarked
package dev.precept.workers;

import org.jspecify.annotations.NullMarked;
