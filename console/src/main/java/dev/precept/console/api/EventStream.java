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
         * @throws IOException if the client has gone away, or the store fails, which the client is told
         * @throws InterruptedException if the server stops
         */
        void send(EventStream events) throws IOException, InterruptedException;
    }

    /** Nothing can be sent any more. */
    static final class ClientGoneException extends IOException {
        private static final long serialVersionUID = 1L;

        private ClientGoneException(IOException cause) {
            super("the client has gone away", cause);
        }
    }

    /**
     * Sends an event at once. JSON has no line breaks, so that it is one line of data.
     *
     * @throws IOException if the client has gone away
     */
    public void send(String name, JsonNode data) throws IOException {
        write("event: " + name + "\ndata: " + data + "\n\n");
    }

    /**
     * Sends a comment, which the client ignores: it shows whether there is one.
     *
     * @throws IOException if the client has gone away
     */
    public void keepAlive() throws IOException {
        write(":\n\n");
    }

    private void write(String text) throws ClientGoneException {
        try {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            throw new ClientGoneException(e);
        }
    }
}
