package dev.precept.store.s3;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** Classifies a failed request: transient or permanent. */
sealed interface S3ErrorClass {
    int HTTP_REDIRECT = 300;
    int HTTP_BAD_REQUEST = 400;
    int HTTP_FORBIDDEN = 403;
    int HTTP_NOT_FOUND = 404;
    int HTTP_TIMEOUT = 408;
    int HTTP_CONFLICT = 409;
    int HTTP_PRECONDITION_FAILED = 412;
    int HTTP_TOO_MANY = 429;
    int HTTP_INTERNAL = 500;
    int HTTP_NOT_IMPLEMENTED = 501;

    /** Transient whatever the status is: an error may even follow a 200. */
    Set<String> TRANSIENT_CODES = Set.of(
            "BadDigest",
            "ConditionalRequestConflict",
            "InternalError",
            "OperationAborted",
            "RequestTimeout",
            "ServiceUnavailable",
            "SlowDown",
            "XAmzContentChecksumMismatch",
            "XAmzContentSHA256Mismatch");

    Set<String> CREDENTIAL_CODES = Set.of(
            "ExpiredToken", "InvalidAccessKeyId", "InvalidToken", "SignatureDoesNotMatch", "TokenRefreshRequired");

    /** Another attempt may succeed; the failed one may have taken effect. */
    record Transient(String what) implements S3ErrorClass {}

    /** No attempt can succeed until the configuration or the store changes. */
    record Permanent(String what) implements S3ErrorClass {}

    /** @param server how messages name the server */
    static S3ErrorClass classify(SdkException e, Bucket bucket, String server) {
        if (e instanceof AwsServiceException answered) {
            return answered(answered, bucket, server);
        }
        if (e instanceof DefaultCredentials.MissingException) {
            return new Permanent(
                    "there are no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, "
                            + "or run where a role gives them");
        }
        return new Transient(server + " does not answer (" + innermost(e) + ")");
    }

    private static S3ErrorClass answered(AwsServiceException e, Bucket bucket, String server) {
        int status = e.statusCode();
        String code = errorCode(e);
        String response = (status + " " + code).strip();
        Optional<String> region = region(e);
        if (TRANSIENT_CODES.contains(code) || isTransient(status)) {
            return new Transient(server + " answered " + response);
        } else if (code.equals("NoSuchBucket")) {
            return new Permanent(
                    "there is no bucket '" + bucket.name() + "' at " + server + "; create it, or name another");
        } else if ((status < HTTP_BAD_REQUEST && status >= HTTP_REDIRECT)
                || code.equals("AuthorizationHeaderMalformed")) {
            return new Permanent("the bucket is not in the region of the request (" + response
                    + "); set s3.region or AWS_REGION to " + region.orElse("the bucket's"));
        } else if (code.equals("RequestTimeTooSkewed")) {
            return new Permanent("the clock of this machine differs too much from that of " + server + "; correct it");
        } else if (CREDENTIAL_CODES.contains(code)) {
            return new Permanent("the credentials are not accepted by " + server + " (" + response + "); set others");
        } else if (status == HTTP_FORBIDDEN) {
            return new Permanent(
                    "no permission (" + response + "); the credentials need s3:ListBucket, s3:GetObject, s3:PutObject "
                            + "and s3:AbortMultipartUpload there; purge, gc and release --abandon also s3:DeleteObject");
        }
        return new Permanent(server + " rejects the request (" + response + detail(e) + ")");
    }

    /** Statuses of an overloaded or restarting server. */
    private static boolean isTransient(int status) {
        return status == HTTP_TIMEOUT
                || status == HTTP_CONFLICT
                || status == HTTP_TOO_MANY
                || (status >= HTTP_INTERNAL && status != HTTP_NOT_IMPLEMENTED);
    }

    static String errorCode(AwsServiceException e) {
        AwsErrorDetails details = e.awsErrorDetails();
        return details == null || details.errorCode() == null ? "" : details.errorCode();
    }

    private static String detail(AwsServiceException e) {
        AwsErrorDetails details = e.awsErrorDetails();
        return details == null || details.errorMessage() == null ? "" : ": " + details.errorMessage();
    }

    private static Optional<String> region(AwsServiceException e) {
        AwsErrorDetails details = e.awsErrorDetails();
        return details == null || details.sdkHttpResponse() == null
                ? Optional.empty()
                : details.sdkHttpResponse().firstMatchingHeader("x-amz-bucket-region");
    }

    private static String innermost(Throwable e) {
        Throwable at = e;
        while (at.getCause() != null) {
            at = at.getCause();
        }
        String name = at.getClass().getSimpleName().replaceAll("Exception$", "");
        String message = at.getMessage() == null ? "" : at.getMessage();
        return at instanceof IOException
                ? (name + ": " + message).toLowerCase(Locale.ROOT)
                : message.isEmpty() ? name : message;
    }
}
