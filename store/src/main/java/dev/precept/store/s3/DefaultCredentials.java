package dev.precept.store.s3;

import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;

/** The SDK's default chain, which has no exception type of its own for missing credentials. Thread-safe. */
final class DefaultCredentials implements AwsCredentialsProvider {
    private final AwsCredentialsProvider chain =
            DefaultCredentialsProvider.builder().build();
    private volatile boolean resolved;

    /** No provider of the chain has credentials. */
    static final class MissingException extends SdkClientException {
        MissingException(SdkClientException cause) {
            super(builder().message(cause.getMessage()).cause(cause));
        }
    }

    @Override
    public AwsCredentials resolveCredentials() {
        try {
            AwsCredentials credentials = chain.resolveCredentials();
            resolved = true;
            return credentials;
        } catch (SdkClientException e) {
            throw resolved ? e : new MissingException(e); // a provider that fails later has an outage
        }
    }
}
