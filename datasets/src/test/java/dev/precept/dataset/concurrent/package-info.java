/** Commands that several processes execute on one dataset at the same time. */
@NullMarked
package dev.precept.dataset.concurrent;

import org.jspecify.annotations.NullMarked;
