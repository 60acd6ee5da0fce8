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
 * A model that is not asked the same twice. It keeps what ended by itself and is valid; whatever else was said is said anew
 * the next time. A memory that fails is as good as none: the model is asked, and its answer is never lost. Thread-safe.
 */
public final class CachingChatModel implements ChatModel {
    private static final Logger log = LoggerFactory.getLogger(CachingChatModel.class);

    private final ChatModel model;
    private final ResponseCache responseCache;
    private final BiPredicate<ChatRequest, Reply.Answered> valid;

    /**
     * @param model asked for what is not remembered
     * @param valid whether a finished answer is of use to whoever made the request; pure, and also asked of what was kept
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
        Optional<Reply.Answered> known = lookup(key, request);
        if (known.isPresent()) {
            return known.get();
        }
        Reply reply = model.complete(request);
        if (reply instanceof Reply.Answered answered && isCacheable(request, answered)) {
            store(key, answered);
        }
        return reply;
    }

    private boolean isCacheable(ChatRequest request, Reply.Answered answered) {
        boolean ended = switch (answered.finishReason()) {
            case "stop", "tool_calls" -> true;
            default -> false;
        };
        return ended && valid.test(request, answered);
    }

    private Optional<Reply.Answered> lookup(String key, ChatRequest request) {
        try {
            Optional<byte[]> kept = responseCache.get(key);
            Optional<Reply.Answered> known =
                    kept.flatMap(CachedReply::read).filter(answered -> isCacheable(request, answered));
            if (kept.isPresent() && known.isEmpty()) {
                log.atWarn().addKeyValue("key", key).log("what was remembered of a call is of no use");
                responseCache.delete(key);
            }
            return known;
        } catch (IOException e) {
            warn(key, e, "a call could not be remembered and is made again");
            return Optional.empty();
        }
    }

    private void store(String key, Reply.Answered answered) {
        try {
            responseCache.put(key, CachedReply.write(answered));
        } catch (IOException e) {
            warn(key, e, "an answer could not be kept and would be paid for again");
        }
    }

    private static void warn(String key, IOException e, String what) {
        log.atWarn()
                .addKeyValue("key", key)
                .addKeyValue("cause", String.valueOf(e))
                .log(what);
    }
}
