package dev.precept.runtime.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a request within its limit, and writes what the handler answers. */
final class JettyHandler extends Handler.Abstract {
    private static final Logger log = LoggerFactory.getLogger(JettyHandler.class);
    private static final int BAD_REQUEST = 400;
    private static final int TOO_LARGE = 413;
    private static final int FAILED = 500;
    private static final int STOPPING = 503;
    /** Times the limit: what of a longer body is read, to answer its sender. */
    private static final int DISCARDED = 4;

    private final WebHandler handler;
    private final int maxBody;
    private int inFlight;

    JettyHandler(WebHandler handler, int maxBody) {
        this.handler = handler;
        this.maxBody = maxBody;
    }

    /** A body is longer than the limit. */
    private static final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /** Waits until no request is handled, for at most so long. */
    synchronized void awaitIdle(Duration longest) throws InterruptedException {
        long end = System.nanoTime() + longest.toNanos();
        for (long left = longest.toNanos(); inFlight > 0 && left > 0; left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    private synchronized void count(int change) {
        inFlight += change;
        notifyAll();
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        count(1);
        Callback counted = Callback.from(callback, () -> count(-1));
        WebReply reply = reply(request);
        if (reply.stream().isPresent()) {
            writeHead(reply, response);
            stream(reply.stream().get(), request, response, counted);
        } else {
            write(reply, response, counted);
        }
        return true;
    }

    /** Writes an answer whose body is known. */
    static void write(WebReply reply, Response response, Callback callback) {
        writeHead(reply, response);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, reply.body().length);
        response.write(true, ByteBuffer.wrap(reply.body()), callback);
    }

    private static void writeHead(WebReply reply, Response response) {
        response.setStatus(reply.status());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, reply.contentType());
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
        for (Map.Entry<String, String> header : reply.headers().entrySet()) {
            response.getHeaders().put(header.getKey(), header.getValue());
        }
    }

    private static void stream(WebStream stream, Request request, Response response, Callback callback) {
        try (OutputStream out = Content.Sink.asOutputStream(response)) {
            stream.write(out);
        } catch (IOException e) {
            callback.failed(e); // the client has gone away, or the source of the stream failed
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            callback.failed(e);
            return;
        } catch (RuntimeException e) {
            log.atError()
                    .setCause(e)
                    .addKeyValue("path", Request.getPathInContext(request))
                    .log("request failed");
            callback.failed(e);
            return;
        }
        callback.succeeded();
    }

    private WebReply reply(Request request) {
        WebHead head = new WebHead(
                request.getMethod(),
                Request.getPathInContext(request),
                Objects.requireNonNullElse(request.getHttpURI().getQuery(), ""),
                request.getBeginNanoTime(),
                name -> request.getHeaders().get(name));
        try {
            Optional<WebReply> refused = handler.refuse(head);
            return refused.isPresent() ? unread(request, refused.get()) : handler.handle(head, body(request));
        } catch (TooLargeException e) {
            discardBody(request);
            return unread(request, handler.failed(TOO_LARGE, "the body is longer than " + maxBody + " bytes"));
        } catch (IOException e) {
            return handler.failed(BAD_REQUEST, "the body ended before its length, or its encoding is broken");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return handler.failed(STOPPING, "the server stops");
        } catch (RuntimeException e) {
            log.atError().setCause(e).addKeyValue("path", head.path()).log("request failed");
            return handler.failed(FAILED, "an error of this program; see its log");
        }
    }

    /** The connection ends after an answer to a body that was not read: its client must not send another request on it. */
    private static WebReply unread(Request request, WebReply reply) {
        boolean hasBody = request.getLength() > 0 || request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
        return hasBody ? reply.with(HttpHeader.CONNECTION.asString(), "close") : reply;
    }

    /**
     * Reads on for a while: a client that is still sending when the connection closes sees a broken connection, and not the
     * answer.
     */
    private void discardBody(Request request) {
        try (InputStream in = Content.Source.asInputStream(request)) {
            long _ = in.skip(DISCARDED * (long) maxBody);
        } catch (IOException e) {
            log.atDebug().setCause(e).log("a body that is too long ended early");
        }
    }

    private byte[] body(Request request) throws IOException {
        if (request.getLength() > maxBody) {
            throw new TooLargeException();
        }
        try (InputStream in = Content.Source.asInputStream(request)) {
            byte[] body = in.readNBytes(maxBody + 1);
            if (body.length > maxBody) {
                throw new TooLargeException();
            }
            return body;
        }
    }
}
