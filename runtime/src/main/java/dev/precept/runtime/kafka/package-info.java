/** Kafka as a process sees it: access to one dataset's topics, and the broker that runs inside a process. */
@NullMarked
package dev.precept.runtime.kafka;

import org.jspecify.annotations.NullMarked;
