/** A bucket of S3, or of a server that speaks it, as a store. */
@NullMarked
package dev.precept.store.s3;

import org.jspecify.annotations.NullMarked;
