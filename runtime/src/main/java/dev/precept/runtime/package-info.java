/** How any process of the factory starts, stops and fails: work folder, life, exit codes. No word of the domain. */
@NullMarked
package dev.precept.runtime;

import org.jspecify.annotations.NullMarked;
