package dev.precept.console.api;

import dev.precept.runtime.http.WebReply;

/** A request that cannot be answered. It becomes a problem document (RFC 9457). */
public final class ApiException extends Exception {
    private static final long serialVersionUID = 1L;

    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;

    private final int status;
    private final String title;

    private ApiException(int status, String title, String detail) {
        super(detail);
        this.status = status;
        this.title = title;
    }

    /** A parameter or a member of the body is wrong. */
    public static ApiException badRequest(String detail) {
        return new ApiException(BAD_REQUEST, "bad request", detail);
    }

    public static ApiException notFound(String detail) {
        return new ApiException(NOT_FOUND, "not found", detail);
    }

    /** The request is right, but not now. */
    public static ApiException conflict(String detail) {
        return new ApiException(CONFLICT, "not possible now", detail);
    }

    public WebReply reply() {
        return ApiReply.problem(status, title, String.valueOf(getMessage()));
    }
}
