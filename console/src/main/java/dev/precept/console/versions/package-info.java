/** The released versions and their evidence. */
@NullMarked
package dev.precept.console.versions;

import org.jspecify.annotations.NullMarked;
