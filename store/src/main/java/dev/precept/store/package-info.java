/** Object stores in which a key can be created only once. */
@NullMarked
package dev.precept.store;

import org.jspecify.annotations.NullMarked;
