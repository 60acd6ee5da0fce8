package dev.precept.runtime.http;

import java.io.IOException;
import java.io.OutputStream;

/** Writes the body of an answer while it is made. Each write is sent at once. */
public interface WebStream {
    /**
     * @throws IOException if the client has gone away
     * @throws InterruptedException if the server stops
     */
    void write(OutputStream out) throws IOException, InterruptedException;
}
