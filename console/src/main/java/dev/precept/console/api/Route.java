package dev.precept.console.api;

import dev.precept.runtime.http.WebReply;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One operation of the interface.
 *
 * @param method GET, or POST for an operation that changes something
 * @param path such as {@code /api/rows/{id}}; a name in braces stands for one segment
 * @param handler thread-safe
 */
public record Route(String method, String path, Handler handler) {
    /** Answers requests of one route. */
    public interface Handler {
        /**
         * @throws ApiException if the request cannot be answered
         * @throws IOException if a store fails
         */
        WebReply answer(ApiRequest request) throws ApiException, IOException, InterruptedException;
    }

    public static Route get(String path, Handler handler) {
        return new Route("GET", path, handler);
    }

    /** An operation that changes something: it needs the header {@code x-precept}, and a console that is not read-only. */
    public static Route post(String path, Handler handler) {
        return new Route("POST", path, handler);
    }

    boolean changes() {
        return method.equals("POST");
    }

    /** The values of the names in the path, if these segments match it. */
    Optional<TreeMap<String, String>> match(List<String> segments) {
        String[] mine = path.substring(1).split("/", -1);
        if (mine.length != segments.size()) {
            return Optional.empty();
        }
        TreeMap<String, String> values = new TreeMap<>();
        for (int i = 0; i < mine.length; i++) {
            if (mine[i].startsWith("{")) {
                values.put(mine[i].substring(1, mine[i].length() - 1), segments.get(i));
            } else if (!mine[i].equals(segments.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(values);
    }
}
