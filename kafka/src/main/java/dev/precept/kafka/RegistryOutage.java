package dev.precept.kafka;

import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

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
        return ofRegistry(failure)
                .filter(cause -> !(cause instanceof RestClientException answer) || answer.getStatus() != NOT_FOUND)
                .isPresent();
    }

    /**
     * As {@link #caused}, also if the registry does not know the schema: then it is not registered yet, which no record can
     * help.
     */
    public static boolean causedOnWrite(Throwable failure) {
        return ofRegistry(failure).isPresent();
    }

    private static Optional<Throwable> ofRegistry(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof RestClientException || (at instanceof IOException && isOfClient(at))) {
                return Optional.of(at);
            }
        }
        return Optional.empty();
    }

    private static boolean isOfClient(Throwable failure) {
        return Arrays.stream(failure.getStackTrace())
                .anyMatch(frame -> frame.getClassName().startsWith(CLIENT));
    }
}
