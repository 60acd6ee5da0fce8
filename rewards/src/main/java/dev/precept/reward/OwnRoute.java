package dev.precept.reward;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** All that is known of one answer: score, criteria, reason and style. */
final class OwnRoute implements Route {
    @Override
    public List<RewardSample> samples(ObjectNode body) throws BadRequestException {
        Label label = Label.read("label", List.of(body, body.path("label")));
        return List.of(new RewardSample(
                RequestJson.conversation("prompt", label.prompt()), answer(body.path("answer")), label));
    }

    /** A text, or a message with its calls of tools. */
    private static AnswerText answer(JsonNode answer) throws BadRequestException {
        if (!answer.isObject()) {
            return AnswerText.of(RequestJson.text("answer", answer));
        }
        return AnswerText.of(
                List.of(RequestJson.content("answer.content", answer.path("content"))),
                RequestJson.toolCalls("answer.tool_calls", answer.path("tool_calls")).stream()
                        .toList());
    }

    @Override
    public JsonNode reply(ObjectNode body, List<Reward> rewards) {
        Reward reward = rewards.getFirst();
        ObjectNode reply = RequestJson.MAPPER
                .createObjectNode()
                .put("reward", reward.value())
                .put("score", reward.score());
        ObjectNode criteria = reply.putObject("criteria");
        reward.criteria().forEach(criteria::put);
        reply.put("reason", reward.reason());
        reply.set("style", Route.style(reward));
        return reply.put("votes", reward.votes())
                .put("stored_votes", reward.stored())
                .put("seconds", reward.seconds());
    }
}
