package dev.precept.model.openai;

import java.util.List;

/** What became of asking an endpoint which models it serves. Each detail is one line that names the endpoint. */
public sealed interface Readiness {
    record Ready(List<String> models) implements Readiness {
        public Ready {
            models = List.copyOf(models);
        }
    }

    /** Not there yet, or busy: asking again may help. */
    record NotReady(String detail) implements Readiness {}

    /** Not the API, or not with this key: asking again will not help. */
    record Misconfigured(String detail) implements Readiness {}
}
