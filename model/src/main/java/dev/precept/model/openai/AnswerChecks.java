package dev.precept.model.openai;

import dev.precept.model.ChatMessage;
import dev.precept.model.ChatRequest;
import dev.precept.model.MessageContent;
import dev.precept.model.Reply;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warns, once for each cause, of what a server does without a word. Thread-safe. */
final class AnswerChecks {
    private static final Logger log = LoggerFactory.getLogger(AnswerChecks.class);
    /** English text has 4 to 5 letters a token, other languages and code fewer. */
    private static final int MAX_LETTERS_PER_TOKEN = 6;
    /** Ollama's smallest default context has 2,048 tokens. */
    private static final int MIN_LETTERS = 8 << 10;

    /** Names of models to remember. */
    private static final int MAX_MODELS = 16;

    private final String endpoint;
    private final AtomicBoolean reportedCut = new AtomicBoolean();
    private final AtomicBoolean reportedMissingUsage = new AtomicBoolean();
    private final Set<String> models = ConcurrentHashMap.newKeySet();

    AnswerChecks(String endpoint) {
        this.endpoint = endpoint;
    }

    void check(ChatRequest request, Reply reply) {
        if (!(reply instanceof Reply.Answered answered)) {
            return;
        }
        if (!models.contains(answered.model()) && models.size() < MAX_MODELS) {
            boolean first = models.isEmpty();
            if (models.add(answered.model()) && !first) {
                log.atWarn()
                        .addKeyValue("endpoint", endpoint)
                        .addKeyValue("model", answered.model())
                        .log("endpoint answers as another model than before");
            }
        }
        long letters = letters(request);
        if (!answered.usage().isKnown()) {
            if (reportedMissingUsage.compareAndSet(false, true)) {
                log.atWarn()
                        .addKeyValue("endpoint", endpoint)
                        .log("endpoint does not report the tokens of its answers");
            }
        } else if (letters >= MIN_LETTERS
                && letters > answered.usage().prompt() * MAX_LETTERS_PER_TOKEN
                && reportedCut.compareAndSet(false, true)) {
            log.atWarn()
                    .addKeyValue("endpoint", endpoint)
                    .addKeyValue("letters", letters)
                    .addKeyValue("prompt_tokens", answered.usage().prompt())
                    .log("endpoint counts few tokens for a long prompt; it may cut prompts to its context"
                            + " (Ollama: raise OLLAMA_CONTEXT_LENGTH)");
        }
    }

    private static long letters(ChatRequest request) {
        long letters = 0;
        for (ChatMessage message : request.messages()) {
            MessageContent content = message.content();
            if (content != null) {
                for (CharSequence piece : content.pieces()) {
                    letters += piece.length();
                }
            }
        }
        return letters;
    }
}
