package dev.precept.judging;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.content.CanonicalJson;
import dev.precept.content.Sha256;
import dev.precept.model.Sampling;
import dev.precept.records.Message;

/**
 * Obtains votes on answers alone. A vote has a key of its content, and seed and nonce of its requests follow from the content
 * too: there is no slot. Thread-safe.
 */
public final class AnswerJudge {
    private static final String ROLE = "reward";

    private final Panel<HandlerContext> contexts;
    private final Panel<Judge> panel;

    /** @param contexts of judges that ask with {@link RolePrompt#forAnswers} */
    public AnswerJudge(Panel<HandlerContext> contexts) {
        this.contexts = contexts;
        this.panel = contexts.map(Judge::new);
    }

    /** The votes on each answer. */
    public int votes() {
        return panel.votes();
    }

    /**
     * Obtains one vote.
     *
     * @param vote from 1
     * @param round from 1; a later round repeats a vote that could not be obtained, with other seeds
     */
    public ScoreResult vote(
            JudgedWork.AnswerOnly work, Excerpts.EncodedExcerpt excerpt, int vote, int round, Parking parking)
            throws InterruptedException {
        String content = contentHash(work, excerpt);
        return panel.judgeOf(vote)
                .vote(work, retry -> new CallKey(content, 1, 1, ROLE, vote, retry), round, excerpt, parking);
    }

    /**
     * The SHA-256 of all that a vote depends on: the conversation, the answer, the remark, the excerpt, the template with its
     * criteria, model and sampling, and the number of the vote. Limits of tokens and what writes the request are not part of it.
     */
    public String key(JudgedWork.AnswerOnly work, Excerpts.EncodedExcerpt excerpt, int vote) {
        HandlerContext context = contexts.judgeOf(vote);
        Sampling sampling = context.settings().sampling();
        ObjectNode key = JsonNodeFactory.instance
                .objectNode()
                .put("content", contentHash(work, excerpt))
                .put("template", context.template(PromptTemplate.Role.JUDGE_ANSWER))
                .put("criteria", context.criteria().identity())
                .put("model", context.settings().model())
                .put("temperature", String.valueOf(sampling.temperature()))
                .put("top_p", String.valueOf(sampling.topP()))
                .put("effort", String.valueOf(sampling.effort()))
                .put("extra", sampling.extra())
                .put("vote", vote);
        return Sha256.hex(CanonicalJson.of(key));
    }

    private static String contentHash(JudgedWork.AnswerOnly work, Excerpts.EncodedExcerpt excerpt) {
        ObjectNode content = JsonNodeFactory.instance.objectNode();
        ArrayNode turns = content.putArray("conversation");
        for (Message message : work.conversation()) {
            turns.addObject()
                    .put("role", message.getRole())
                    .put("content", message.getContent())
                    .put("tool_calls", message.getToolCalls());
        }
        content.put("answer", work.answer());
        content.put("side_info", work.sideInfo());
        content.put("excerpt", excerpt.excerpt().sha256());
        return Sha256.hex(CanonicalJson.of(content));
    }
}
