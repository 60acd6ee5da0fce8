/** What tests of several modules need: processes to kill, seeds, goldens, and an oracle. It depends on nothing of ours. */
@NullMarked
package dev.precept.testkit;

import org.jspecify.annotations.NullMarked;
