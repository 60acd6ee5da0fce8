package dev.precept.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublishFailureTest {
    /** Not registered yet, no permission, too many requests, down: no record is the cause. */
    @ParameterizedTest
    @ValueSource(ints = {404, 401, 403, 429, 500, 503})
    void anyAnswerOfTheRegistryIsAnOutage(int status) {
        assertThat(PublishFailure.classify(
                        new SerializationException("no schema", new RestClientException("refused", status, status))))
                .isEqualTo(PublishFailure.OUTAGE);
    }

    @Test
    void onlyARecordThatCanNeverBePublishedIsItsOwnFailure() {
        assertThat(PublishFailure.classify(new RecordTooLargeException("too large")))
                .isEqualTo(PublishFailure.RECORD);
        assertThat(PublishFailure.classify(new SerializationException("null in a field", new NullPointerException())))
                .isEqualTo(PublishFailure.RECORD);
        assertThat(PublishFailure.classify(new TopicAuthorizationException("candidates")))
                .isEqualTo(PublishFailure.OUTAGE);
        assertThat(PublishFailure.classify(new IllegalStateException("closed"))).isEqualTo(PublishFailure.PRODUCER);
    }
}
