/** A recipe read strictly: defaults, then the file, then the flags; every problem is reported, all at once. */
@NullMarked
package dev.precept.runtime.config;

import org.jspecify.annotations.NullMarked;
