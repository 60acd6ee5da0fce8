/** Checks a dataset and its versions against their commits and manifests. */
@NullMarked
package dev.precept.dataset.verify;

import org.jspecify.annotations.NullMarked;
