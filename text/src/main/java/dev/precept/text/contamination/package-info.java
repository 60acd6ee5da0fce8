/**
 * Finds questions of evaluation sets in texts. The sets are compiled to hashes once; their texts are not kept.
 */
@NullMarked
package dev.precept.text.contamination;

import org.jspecify.annotations.NullMarked;
