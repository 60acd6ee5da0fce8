/**
 * The contract between processes: topics, records, namespaces and ids. Depends only on {@code dev.precept.content}.
 */
@NullMarked
package dev.precept.schemas;

import org.jspecify.annotations.NullMarked;
