package dev.precept.model.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.model.ReplyListener;
import dev.precept.model.ReplyListener.Part;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Tells the pieces of a streamed answer while its bytes arrive. What it cannot read it leaves out: {@link EventStream} reads the
 * whole, and judges it. Thread-safe.
 */
final class StreamPieces {
    private static final List<String> REASONING = List.of("reasoning", "reasoning_content");
    private static final String DATA = "data:";

    private final ReplyListener listener;
    private final ThinkTagPieces content;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean ended;

    StreamPieces(ReplyListener listener) {
        this.listener = listener;
        this.content = new ThinkTagPieces(listener);
    }

    synchronized void accept(byte[] bytes) {
        if (listener.equals(ReplyListener.NONE)) {
            return; // of a run whose server only streams: each event would be parsed twice
        }
        for (byte each : bytes) {
            if (each == '\n') {
                String text = line.toString(StandardCharsets.UTF_8);
                line.reset();
                if (!ended && text.startsWith(DATA)) {
                    event(text.substring(DATA.length()).strip());
                }
            } else {
                line.write(each);
            }
        }
    }

    /** The call has ended: what still arrives of it is not told. */
    synchronized void end() {
        ended = true;
    }

    private void event(String data) {
        try {
            JsonNode choice = Json.MAPPER.readTree(data).path("choices").path(0);
            if (choice.path("index").asInt(0) == 0) {
                delta(choice.path("delta"));
            }
        } catch (JsonProcessingException | CompletionReader.AmbiguousCompletionException e) {
            return; // such as [DONE]
        }
    }

    private void delta(JsonNode delta) throws CompletionReader.AmbiguousCompletionException {
        // Some servers send both fields with one text.
        REASONING.stream()
                .filter(field -> delta.path(field).isTextual())
                .findFirst()
                .ifPresent(field -> tell(Part.REASONING, delta.path(field).textValue()));
        ContentParts parts = ContentParts.read(delta.path("content"));
        tell(Part.REASONING, parts.thinking());
        content.add(parts.text());
    }

    private void tell(Part part, String text) {
        if (!text.isEmpty()) {
            listener.onPiece(part, text);
        }
    }
}
