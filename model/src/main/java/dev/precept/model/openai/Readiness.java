package dev.precept.model.openai;

import java.util.List;

/** The result of an endpoint check. Each detail is one line that names the endpoint. */
public sealed interface Readiness {
    record Ready(List<String> models) implements Readiness {
        public Ready {
            models = List.copyOf(models);
        }
    }

    /** Down or busy; a later check may succeed. */
    record NotReady(String detail) implements Readiness {}

    /** The server is up, and fails to list its models. It may answer questions all the same; a later check may succeed. */
    record ListFailed(String detail) implements Readiness {}

    /** The resolver answers that there is no such host. Where hosts come and go, as on Kubernetes, a later check may succeed. */
    record UnknownHost(String detail) implements Readiness {}

    /** Not the API, or not with this key; a later check fails as well. */
    record Misconfigured(String detail) implements Readiness {}
}
