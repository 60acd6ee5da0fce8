/** Access to Kafka and the schema registry: clients, serializers, topics, grants, preflight checks, embedded broker. */
@NullMarked
package dev.precept.kafka;

import org.jspecify.annotations.NullMarked;
