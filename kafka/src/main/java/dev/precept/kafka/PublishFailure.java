package dev.precept.kafka;

import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;

/** Why a record could not be published. */
public enum PublishFailure {
    /** Another attempt may succeed: an outage of the broker or the registry, or a missing grant. */
    OUTAGE,
    /** The record can never be published: it is too large, or not valid. */
    RECORD,
    /** The producer is broken. */
    PRODUCER;

    /** @param e thrown by a producer, or passed to its callback */
    public static PublishFailure classify(Throwable e) {
        return switch (e) {
            case RecordTooLargeException _, RecordBatchTooLargeException _, InvalidRecordException _ -> RECORD;
            case SerializationException _ -> RegistryOutage.causedOnWrite(e) ? OUTAGE : RECORD;
            case RetriableException _, AuthorizationException _, AuthenticationException _ -> OUTAGE;
            default -> PRODUCER;
        };
    }
}
