package dev.precept.reward;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** The arguments of verl's compute_score. verl passes no prompt, so that it is expected in extra_info. */
final class VerlRoute implements Route {
    @Override
    public List<RewardSample> samples(ObjectNode body) throws BadRequestException {
        JsonNode truth = body.path("ground_truth");
        JsonNode extra = Label.parsed(body.path("extra_info"));
        Label label = Label.read("extra_info", List.of(extra, extra.path("label"), truth, body.path("label"), body));
        boolean isRemark = truth.isTextual()
                && !Label.parsed(truth).isObject()
                && !truth.textValue().isBlank();
        if (isRemark && label.sideInfo().isEmpty()) {
            label = label.withSideInfo(RequestJson.text("ground_truth", truth));
        }
        if (label.prompt().isMissingNode()) {
            throw new BadRequestException(
                    "extra_info.prompt: is missing; verl passes no prompt, so the rows must hold it there");
        }
        String solution = RequestJson.text("solution_str", body.path("solution_str"));
        return List.of(new RewardSample(
                RequestJson.conversation("extra_info.prompt", label.prompt()), AnswerText.of(solution), label));
    }

    @Override
    public JsonNode reply(ObjectNode body, List<Reward> rewards) {
        return RequestJson.MAPPER
                .createObjectNode()
                .put("score", rewards.getFirst().value());
    }
}
