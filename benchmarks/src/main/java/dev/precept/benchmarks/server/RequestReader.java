package dev.precept.benchmarks.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.CRC32;

/** Reads HTTP/1.1 requests from one connection; keeps only length and checksum of a body. Not thread-safe. */
final class RequestReader {
    private static final int MAX_HEAD_BYTES = 16 << 10;
    private static final String LENGTH = "\r\ncontent-length:";

    private final ByteArrayOutputStream head = new ByteArrayOutputStream(512);
    private int endOfHead;
    private boolean inBody;
    private String requestLine = "";
    private long bodyBytes;
    private long bodyLeft;
    private final CRC32 checksum = new CRC32();

    /** Reads from the buffer; returns true if a request is complete, even if the buffer has more bytes. */
    boolean read(ByteBuffer in) throws IOException {
        while (!inBody) {
            if (!in.hasRemaining()) {
                return false;
            }
            byte next = in.get();
            head.write(next);
            // counts the alternating characters of \r\n\r\n
            endOfHead = next == (endOfHead % 2 == 0 ? '\r' : '\n') ? endOfHead + 1 : next == '\r' ? 1 : 0;
            if (endOfHead == 4) {
                startBody(head.toString(StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT));
            } else if (head.size() > MAX_HEAD_BYTES) {
                throw new IOException("request head exceeds " + MAX_HEAD_BYTES + " bytes");
            }
        }
        int count = (int) Math.min(bodyLeft, in.remaining());
        checksum.update(in.slice(in.position(), count));
        in.position(in.position() + count);
        bodyLeft -= count;
        inBody = bodyLeft > 0;
        return !inBody;
    }

    private void startBody(String text) throws IOException {
        head.reset();
        endOfHead = 0;
        requestLine = text.substring(0, text.indexOf('\r'));
        if (text.contains("\r\ntransfer-encoding:")) {
            throw new IOException("chunked request bodies are not supported");
        }
        int length = text.indexOf(LENGTH);
        bodyBytes = length < 0
                ? 0
                : Long.parseLong(text.substring(length + LENGTH.length(), text.indexOf('\r', length + 2))
                        .strip());
        bodyLeft = bodyBytes;
        checksum.reset();
        inBody = true;
    }

    /** Whether the latest request is a model call, not a request for the counters. */
    boolean isCall() {
        return requestLine.startsWith("post ");
    }

    /** The same for a request that is repeated. */
    long bodyChecksum() {
        return checksum.getValue();
    }

    /** Whether the latest request is for the judge. */
    boolean isJudging() {
        return requestLine.contains(" /judge/");
    }

    /** Whether the latest request is for the list of models. */
    boolean isModels() {
        return requestLine.contains("/models ");
    }

    long bodyBytes() {
        return bodyBytes;
    }
}
