package dev.precept.benchmarks.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Reads HTTP/1.1 requests off one connection. Of a body it keeps only the length. Not thread-safe. */
final class RequestReader {
    private static final int LONGEST_HEAD = 16 << 10;
    private static final String LENGTH = "\r\ncontent-length:";

    private final ByteArrayOutputStream head = new ByteArrayOutputStream(512);
    private int endOfHead;
    private boolean inBody;
    private String requestLine = "";
    private long bodyBytes;
    private long bodyLeft;

    /** Reads on; true if a request is complete, and there may be more in the buffer. */
    boolean read(ByteBuffer in) throws IOException {
        while (!inBody) {
            if (!in.hasRemaining()) {
                return false;
            }
            byte next = in.get();
            head.write(next);
            // \r\n\r\n, counted by its alternation
            endOfHead = next == (endOfHead % 2 == 0 ? '\r' : '\n') ? endOfHead + 1 : next == '\r' ? 1 : 0;
            if (endOfHead == 4) {
                begin(head.toString(StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT));
            } else if (head.size() > LONGEST_HEAD) {
                throw new IOException("a head of more than " + LONGEST_HEAD + " bytes");
            }
        }
        int taken = (int) Math.min(bodyLeft, in.remaining());
        in.position(in.position() + taken);
        bodyLeft -= taken;
        inBody = bodyLeft > 0;
        return !inBody;
    }

    private void begin(String text) throws IOException {
        head.reset();
        endOfHead = 0;
        requestLine = text.substring(0, text.indexOf('\r'));
        if (text.contains("\r\ntransfer-encoding:")) {
            throw new IOException("a body of unknown length, which this server does not read");
        }
        int length = text.indexOf(LENGTH);
        bodyBytes = length < 0
                ? 0
                : Long.parseLong(text.substring(length + LENGTH.length(), text.indexOf('\r', length + 2))
                        .strip());
        bodyLeft = bodyBytes;
        inBody = true;
    }

    /** Whether the latest request asks a model, and not the server about itself. */
    boolean isCall() {
        return requestLine.startsWith("post ");
    }

    long bodyBytes() {
        return bodyBytes;
    }
}
