/** Claims of version names: the plan of each release, and how it ended. */
@NullMarked
package dev.precept.dataset.plan;

import org.jspecify.annotations.NullMarked;
