package dev.precept.kafka;

import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.util.Arrays;

/** Distinguishes a schema registry that does not answer from a record that cannot be encoded or decoded. */
public final class RegistryOutage {
    private static final int NOT_FOUND = 404;
    private static final String CLIENT = "io.confluent.kafka.schemaregistry.client.";

    private RegistryOutage() {}

    /**
     * Whether an exception of a serializer or deserializer was caused by the registry: an I/O error of its client, such as a
     * refused connection or an expired certificate, or any answer but that it does not know the schema. The decoder of a
     * truncated record also throws an I/O error, which has no frame of the client.
     */
    public static boolean caused(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof RestClientException answer) {
                return answer.getStatus() != NOT_FOUND;
            }
            if (at instanceof IOException && isOfClient(at)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOfClient(Throwable failure) {
        return Arrays.stream(failure.getStackTrace())
                .anyMatch(frame -> frame.getClassName().startsWith(CLIENT));
    }
}
