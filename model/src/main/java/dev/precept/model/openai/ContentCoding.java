package dev.precept.model.openai;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

/** Takes off the content coding of a body (RFC 9110 section 8.4.1). None is ever asked for; some gateways add one. */
final class ContentCoding {
    /** Text hardly shrinks to a tenth; what grows more than this was made to grow. */
    private static final long HIGHEST_RATIO = 100;
    /** A short body may repeat itself as it likes. */
    private static final int ALWAYS_ALLOWED_BYTES = 64 << 10;

    private ContentCoding() {}

    /**
     * The bytes without their coding.
     *
     * @param codings as the headers name them; {@code deflate} is the zlib format, as the RFC has it
     * @param limitBytes on what comes out
     * @throws Json.InvalidJsonException for a coding that is not known, a damaged body, or one that grows beyond measure
     */
    static byte[] decode(byte[] body, List<String> codings, int limitBytes) throws Json.InvalidJsonException {
        String coding = String.join(",", codings).strip().toLowerCase(Locale.ROOT);
        try {
            return switch (coding) {
                case "", "identity" -> body;
                case "gzip", "x-gzip" -> whole(new GZIPInputStream(new ByteArrayInputStream(body)), body, limitBytes);
                case "deflate" -> whole(new InflaterInputStream(new ByteArrayInputStream(body)), body, limitBytes);
                default -> throw new Json.InvalidJsonException("in a content coding that was not asked for");
            };
        } catch (IOException damaged) {
            throw new Json.InvalidJsonException("in damaged " + coding);
        }
    }

    private static byte[] whole(InputStream coded, byte[] body, int limitBytes)
            throws IOException, Json.InvalidJsonException {
        int most = (int) Math.min(limitBytes, Math.max(ALWAYS_ALLOWED_BYTES, HIGHEST_RATIO * body.length));
        try (coded) {
            byte[] plain = coded.readNBytes(most);
            if (coded.read() >= 0) {
                throw new Json.InvalidJsonException(body.length + " bytes that unpack to more than " + most);
            }
            return plain;
        }
    }
}
