package dev.precept.model.openai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Parses untrusted JSON: strict UTF-8, one value, limited nesting. */
final class Json {
    private static final int MAX_DEPTH = 100;
    private static final String BYTE_ORDER_MARK = "\ufeff";

    // Without this, the location of a parse error would quote the source, which is a completion.
    static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    /** A body is no valid JSON object. The message does not quote it. */
    static final class InvalidJsonException extends Exception {
        private static final long serialVersionUID = 1L;

        InvalidJsonException(String message) {
            super(message, null, false, false);
        }
    }

    static InvalidJsonException html() {
        return new InvalidJsonException("HTML");
    }

    /** Decodes UTF-8, without a byte order mark. */
    static String text(byte[] bytes) throws InvalidJsonException {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new InvalidJsonException("text that is not UTF-8");
        }
    }

    /** Any JSON value; a text node with the text itself if it is no JSON. */
    static JsonNode parseAny(String text) {
        try {
            JsonNode value = MAPPER.readTree(text);
            return value.isContainerNode() ? value : TextNode.valueOf(text);
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(text);
        }
    }

    static JsonNode parseObject(byte[] bytes) throws InvalidJsonException {
        String text = text(bytes);
        if (text.stripLeading().startsWith("<")) {
            throw html();
        }
        JsonNode value;
        try {
            value = MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new InvalidJsonException("broken JSON (" + bytes.length + " bytes)");
        }
        if (!value.isObject()) {
            throw new InvalidJsonException("JSON that is not an object");
        }
        return value;
    }
}
