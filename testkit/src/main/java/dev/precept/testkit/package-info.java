/** Fixtures for the tests of all modules: child processes, servers, seeds, goldens, an oracle. Depends on no module. */
@NullMarked
package dev.precept.testkit;

import org.jspecify.annotations.NullMarked;
