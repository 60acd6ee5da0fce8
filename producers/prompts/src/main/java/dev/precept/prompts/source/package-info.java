/** Files that a recipe names: on disk, or in a bucket. */
@NullMarked
package dev.precept.prompts.source;

import org.jspecify.annotations.NullMarked;
