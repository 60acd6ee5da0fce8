package dev.precept.model.cache;

import dev.precept.model.ChatModel;
import dev.precept.model.ChatRequest;
import dev.precept.model.ModelCallException;
import dev.precept.model.Reply;
import java.io.IOException;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers repeated requests from a cache. Caches valid answers that ended normally; all others are requested again. If
 * the cache fails, the model is called and its answer is returned. Thread-safe.
 */
public final class CachingChatModel implements ChatModel {
    private static final Logger log = LoggerFactory.getLogger(CachingChatModel.class);

    private final ChatModel model;
    private final ResponseCache responseCache;
    private final BiPredicate<ChatRequest, Reply.Answered> valid;

    /**
     * @param model called on a cache miss
     * @param valid whether a finished answer is valid for its request; a pure function, also applied to cached answers
     */
    public CachingChatModel(
            ChatModel model, ResponseCache responseCache, BiPredicate<ChatRequest, Reply.Answered> valid) {
        this.model = model;
        this.responseCache = responseCache;
        this.valid = valid;
    }

    @Override
    public Reply complete(ChatRequest request) throws ModelCallException, InterruptedException {
        String key = RequestKey.of(request);
        Optional<Reply.Answered> hit = lookup(key, request);
        if (hit.isPresent()) {
            return hit.get();
        }
        Reply reply = model.complete(request);
        if (reply instanceof Reply.Answered answered && isCacheable(request, answered)) {
            store(key, answered);
        }
        return reply;
    }

    private boolean isCacheable(ChatRequest request, Reply.Answered answered) {
        boolean endedNormally = switch (answered.finishReason()) {
            case "stop", "tool_calls" -> true;
            default -> false;
        };
        return endedNormally && valid.test(request, answered);
    }

    private Optional<Reply.Answered> lookup(String key, ChatRequest request) {
        try {
            Optional<byte[]> entry = responseCache.get(key);
            Optional<Reply.Answered> hit =
                    entry.flatMap(CachedReply::read).filter(answered -> isCacheable(request, answered));
            if (entry.isPresent() && hit.isEmpty()) {
                log.atWarn().addKeyValue("key", key).log("discarded invalid cache entry");
                responseCache.delete(key);
            }
            return hit;
        } catch (IOException e) {
            warn(key, e, "cannot read response cache; calling the model");
            return Optional.empty();
        }
    }

    private void store(String key, Reply.Answered answered) {
        try {
            responseCache.put(key, CachedReply.write(answered));
        } catch (IOException e) {
            warn(key, e, "cannot write response cache");
        }
    }

    private static void warn(String key, IOException e, String message) {
        log.atWarn()
                .addKeyValue("key", key)
                .addKeyValue("cause", String.valueOf(e))
                .log(message);
    }
}
