package dev.precept.streams;

import dev.precept.schemas.Topic;
import org.jspecify.annotations.Nullable;

/**
 * An output record in the format of its topic.
 *
 * @param partition null for a record that is partitioned by its key
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record EncodedRecord(
        Topic<?> topic, String key, byte[] bytes, @Nullable Integer partition) {}
