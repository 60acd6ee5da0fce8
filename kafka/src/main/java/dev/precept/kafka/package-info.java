/** Access to Kafka and the schema registry: serializers, topics, grants, preflight checks, the embedded broker. */
@NullMarked
package dev.precept.kafka;

import org.jspecify.annotations.NullMarked;
