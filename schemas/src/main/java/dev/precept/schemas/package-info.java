/**
 * What processes say to one another: topics, records, content ids, and the serializer. A leaf: it depends on nothing of
 * ours.
 */
@NullMarked
package dev.precept.schemas;

import org.jspecify.annotations.NullMarked;
