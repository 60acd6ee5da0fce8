package dev.precept.reward;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** The remote reward model of slime: one answer, and a bare number. */
final class SlimeRoute implements Route {
    @Override
    public List<RewardSample> samples(ObjectNode body) throws BadRequestException {
        Label label = Label.read("label", List.of(body.path("label")));
        JsonNode named = body.path("label");
        if (label.namesNothing()
                && named.isTextual()
                && !Label.parsed(named).isObject()
                && !named.textValue().isBlank()) {
            label = label.withCategory(named.textValue().strip());
        }
        JsonNode prompt = label.prompt().isMissingNode() ? body.path("prompt") : label.prompt();
        String response = RequestJson.text("response", body.path("response"));
        return List.of(new RewardSample(RequestJson.conversation("prompt", prompt), AnswerText.of(response), label));
    }

    @Override
    public JsonNode reply(ObjectNode body, List<Reward> rewards) {
        return DoubleNode.valueOf(rewards.getFirst().value());
    }
}
