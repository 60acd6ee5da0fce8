/** An embedding model that runs in this process. Its dependencies have native code and are used by no other module. */
@NullMarked
package dev.precept.embedding;

import org.jspecify.annotations.NullMarked;
