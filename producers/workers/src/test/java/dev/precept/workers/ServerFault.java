package dev.precept.workers;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;

/** Handles a request that the server has read. The connection is closed afterwards. */
@FunctionalInterface
interface ServerFault {
    String JSON = "Content-Type: application/json\r\n";
    String HTML = "Content-Type: text/html; charset=utf-8\r\n";
    int TWO_HUNDRED_MEGABYTES = 200_000_000;

    /** @param good the body of a correct response */
    void play(Socket socket, byte[] good) throws IOException;

    static ServerFault answers(int status, String headers, String body) {
        return (socket, good) -> respond(socket, status, headers, body.getBytes(StandardCharsets.UTF_8));
    }

    static ServerFault answers(String json) {
        return answers(200, JSON, json);
    }

    /** The good body with other headers. */
    static ServerFault under(String headers) {
        return (socket, good) -> respond(socket, 200, headers, good);
    }

    static ServerFault retryAfterDate() {
        return (socket, good) -> {
            String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                    Instant.now().plusSeconds(2).atZone(ZoneOffset.UTC));
            respond(socket, 429, "Retry-After: " + date + "\r\n", new byte[0]);
        };
    }

    static ServerFault hangs() {
        return (socket, good) -> awaitClientClose(socket);
    }

    static ServerFault hangsWithinTheBody() {
        return (socket, good) -> {
            head(socket.getOutputStream(), 200, JSON + "Content-Length: " + good.length + "\r\n");
            socket.getOutputStream().write(good, 0, good.length / 2);
            awaitClientClose(socket);
        };
    }

    static ServerFault sendsOneByteASecond() {
        return (socket, good) -> {
            head(socket.getOutputStream(), 200, JSON + "Content-Length: " + good.length + "\r\n");
            socket.setSoTimeout(1_000);
            for (int i = 0; i < good.length && isConnected(socket); i++) {
                socket.getOutputStream().write(good[i]);
            }
        };
    }

    /** A complete HTTP body with truncated JSON. */
    static ServerFault truncatesTheJson() {
        return (socket, good) -> respond(socket, 200, JSON, Arrays.copyOf(good, good.length / 2));
    }

    static ServerFault truncatesTheBody() {
        return (socket, good) -> {
            head(socket.getOutputStream(), 200, JSON + "Content-Length: " + 2 * good.length + "\r\n");
            socket.getOutputStream().write(good);
        };
    }

    /** One byte of a text is replaced. */
    static ServerFault sendsInvalidUtf8() {
        return (socket, good) -> {
            byte[] bad = good.clone();
            bad[new String(good, StandardCharsets.ISO_8859_1).indexOf("Fine")] = (byte) 0xff;
            respond(socket, 200, JSON, bad);
        };
    }

    /** A surrogate as three bytes, as some serialisers write it. */
    static ServerFault sendsASurrogateAsBytes() {
        return (socket, good) -> {
            byte[] bad = good.clone();
            int at = new String(good, StandardCharsets.ISO_8859_1).indexOf("Fine");
            System.arraycopy(new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80}, 0, bad, at, 3);
            respond(socket, 200, JSON, bad);
        };
    }

    static ServerFault neverEnds() {
        return (socket, good) -> {
            head(socket.getOutputStream(), 200, JSON);
            writeUntilClientClose(socket, Long.MAX_VALUE);
        };
    }

    static ServerFault sendsTwoHundredMegabytes() {
        return (socket, good) -> {
            head(socket.getOutputStream(), 200, JSON + "Content-Length: " + TWO_HUNDRED_MEGABYTES + "\r\n");
            writeUntilClientClose(socket, TWO_HUNDRED_MEGABYTES);
        };
    }

    static ServerFault nestsEndlessly() {
        return answers("{\"choices\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}");
    }

    static ServerFault sendsAGzipBomb() {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bomb)) {
            for (int megabyte = 0; megabyte < 64; megabyte++) {
                out.write(new byte[1 << 20]);
            }
        } catch (IOException inMemory) {
            throw new UncheckedIOException(inMemory);
        }
        return (socket, good) -> respond(socket, 200, JSON + "Content-Encoding: gzip\r\n", bomb.toByteArray());
    }

    static ServerFault resets() {
        return (socket, good) -> socket.setSoLinger(true, 0);
    }

    static ServerFault resetsAfterTheBody() {
        return (socket, good) -> {
            respond(socket, 200, JSON, good);
            socket.setSoLinger(true, 0);
        };
    }

    static ServerFault sendsAChunkTwice() {
        return (socket, good) -> {
            OutputStream out = socket.getOutputStream();
            head(out, 200, JSON + "Transfer-Encoding: chunked\r\n");
            int half = good.length / 2;
            for (int[] part : new int[][] {{0, half}, {0, half}, {half, good.length}}) {
                out.write((Integer.toHexString(part[1] - part[0]) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                out.write(good, part[0], part[1] - part[0]);
                out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        };
    }

    static void respond(Socket socket, int status, String headers, byte[] body) throws IOException {
        head(socket.getOutputStream(), status, headers + "Content-Length: " + body.length + "\r\n");
        socket.getOutputStream().write(body);
    }

    private static void head(OutputStream out, int status, String headers) throws IOException {
        String head = "HTTP/1.1 " + status + " Scripted\r\nConnection: close\r\n" + headers + "\r\n";
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    /** Waits up to the timeout of the socket; a client that has sent its request can only close the connection. */
    private static boolean isConnected(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException silent) {
            return true;
        }
    }

    private static void awaitClientClose(Socket socket) throws IOException {
        socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    private static void writeUntilClientClose(Socket socket, long limit) throws IOException {
        byte[] spaces = " ".repeat(64 << 10).getBytes(StandardCharsets.US_ASCII);
        for (long written = 0; written < limit; written += spaces.length) {
            socket.getOutputStream().write(spaces);
        }
    }
}
