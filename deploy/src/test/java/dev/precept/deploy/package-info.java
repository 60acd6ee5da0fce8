/** Reads the manifests as a cluster would, and says what is wrong with them before one does. */
@NullMarked
package dev.precept.deploy;

import org.jspecify.annotations.NullMarked;
