package dev.precept.dataset.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.records.Message;
import dev.precept.records.Sample;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How long the kept samples are. Lengths of shards can be added. For one thread. */
final class RowLengths {
    /** Characters are Unicode code points. */
    enum Measure {
        PROMPT_CHARACTERS("prompt, with its tools, characters"),
        REASONING_CHARACTERS("reasoning, characters"),
        ANSWER_CHARACTERS("answer, characters"),
        ROW_CHARACTERS("whole row, characters"),
        /** As the model server counted them. */
        COMPLETION_TOKENS("reasoning and answer, tokens of the generator"),
        /** The prompt at as many characters a token as the completion has: the usage of the prompt counts the excerpt too. */
        ROW_TOKENS("whole row, tokens of the generator, estimated");

        private final String title;

        Measure(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }

        private String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Map<Measure, LengthCounts> lengths = new EnumMap<>(Measure.class);

    RowLengths() {
        for (Measure measure : Measure.values()) {
            lengths.put(measure, new LengthCounts());
        }
    }

    LengthCounts of(Measure measure) {
        LengthCounts of = lengths.get(measure);
        if (of == null) {
            throw new IllegalStateException("no lengths of " + measure);
        }
        return of;
    }

    void count(Sample sample) {
        List<Message> messages = sample.getMessages();
        long prompt = length(sample.getTools());
        for (Message message : messages.subList(0, messages.size() - 1)) {
            prompt += length(message.getContent())
                    + length(message.getReasoningContent())
                    + length(message.getToolCalls());
        }
        long reasoning = length(sample.getReasoning());
        long answer = length(sample.getAnswer()) + length(messages.getLast().getToolCalls());
        of(Measure.PROMPT_CHARACTERS).add(prompt);
        of(Measure.REASONING_CHARACTERS).add(reasoning);
        of(Measure.ANSWER_CHARACTERS).add(answer);
        of(Measure.ROW_CHARACTERS).add(prompt + reasoning + answer);
        long tokens = sample.getGenerator().getUsage().getCompletionTokens();
        if (tokens > 0) {
            of(Measure.COMPLETION_TOKENS).add(tokens);
            of(Measure.ROW_TOKENS).add(tokens + Math.ceilDiv(prompt * tokens, Math.max(1, reasoning + answer)));
        }
    }

    private static long length(@Nullable String text) {
        return text == null ? 0 : text.codePointCount(0, text.length());
    }

    void add(RowLengths other) {
        lengths.forEach((measure, counts) -> counts.add(other.of(measure)));
    }

    /** Equal lengths give equal JSON. */
    ObjectNode json() {
        ObjectNode json = new ObjectMapper().createObjectNode();
        lengths.forEach((measure, counts) -> json.set(measure.key(), counts.json()));
        return json;
    }

    /** Reads what {@link #json} gives. */
    static RowLengths of(JsonNode json) {
        RowLengths read = new RowLengths();
        read.lengths.forEach((measure, counts) -> counts.add(LengthCounts.of(json.path(measure.key()))));
        return read;
    }
}
