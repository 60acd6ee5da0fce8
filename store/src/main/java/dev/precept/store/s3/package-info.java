/** An S3 bucket, or one of an S3-compatible server, as a store. */
@NullMarked
package dev.precept.store.s3;

import org.jspecify.annotations.NullMarked;
