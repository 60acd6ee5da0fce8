package dev.precept.console.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Server-sent events on their way to one client. For one thread at a time. */
public final class EventStream {
    private final OutputStream out;

    EventStream(OutputStream out) {
        this.out = out;
    }

    /** Sends events until it has no more. */
    public interface Source {
        /**
         * @throws IOException if the client has gone away
         * @throws InterruptedException if the server stops
         */
        void send(EventStream events) throws IOException, InterruptedException;
    }

    /**
     * Sends an event at once. JSON has no line breaks, so that it is one line of data.
     *
     * @throws IOException if the client has gone away
     */
    public void send(String name, JsonNode data) throws IOException {
        out.write(("event: " + name + "\ndata: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /**
     * Sends a comment, which the client ignores: it shows whether there is one.
     *
     * @throws IOException if the client has gone away
     */
    public void keepAlive() throws IOException {
        out.write(":\n\n".getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
