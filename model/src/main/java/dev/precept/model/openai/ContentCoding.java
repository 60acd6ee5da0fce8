package dev.precept.model.openai;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

/** Decodes the content coding of a body (RFC 9110 section 8.4.1). Requests ask for none, but some gateways add one. */
final class ContentCoding {
    /** Text rarely compresses by a factor of 10; a higher ratio than this is an attack. */
    private static final long MAX_RATIO = 100;
    /** Short bodies may have any ratio. */
    private static final int ALWAYS_ALLOWED_BYTES = 64 << 10;

    private ContentCoding() {}

    /**
     * Decodes a body.
     *
     * @param codings values of the Content-Encoding headers; {@code deflate} is the zlib format, as in the RFC
     * @param limitBytes of the decoded body
     * @throws Json.InvalidJsonException for an unknown coding, a corrupt body, or one that exceeds limit or ratio
     */
    static byte[] decode(byte[] body, List<String> codings, int limitBytes) throws Json.InvalidJsonException {
        String coding = String.join(",", codings).strip().toLowerCase(Locale.ROOT);
        try {
            return switch (coding) {
                case "", "identity" -> body;
                case "gzip", "x-gzip" ->
                    decompress(new GZIPInputStream(new ByteArrayInputStream(body)), body, limitBytes);
                case "deflate" -> decompress(new InflaterInputStream(new ByteArrayInputStream(body)), body, limitBytes);
                default -> throw new Json.InvalidJsonException("in an unsupported content coding");
            };
        } catch (IOException e) {
            throw new Json.InvalidJsonException("in corrupt " + coding);
        }
    }

    private static byte[] decompress(InputStream encoded, byte[] body, int limitBytes)
            throws IOException, Json.InvalidJsonException {
        int limit = (int) Math.min(limitBytes, Math.max(ALWAYS_ALLOWED_BYTES, MAX_RATIO * body.length));
        try (encoded) {
            byte[] decoded = encoded.readNBytes(limit);
            if (encoded.read() >= 0) {
                throw new Json.InvalidJsonException(body.length + " bytes that decompress to more than " + limit);
            }
            return decoded;
        }
    }
}
