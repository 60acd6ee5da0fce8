package dev.precept.reward;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.records.Message;
import java.util.ArrayList;
import java.util.List;

/** The verification of a resources server of NeMo Gym: the request comes back with its reward. */
final class GymRoute implements Route {
    @Override
    public List<RewardSample> samples(ObjectNode body) throws BadRequestException {
        JsonNode parameters = body.path("responses_create_params");
        if (!parameters.isObject()) {
            throw new BadRequestException("responses_create_params: is " + Label.kind(parameters) + "; give an object");
        }
        List<Message> conversation = new ArrayList<>();
        String instructions =
                RequestJson.content("responses_create_params.instructions", parameters.path("instructions"));
        if (!instructions.isBlank()) {
            conversation.add(Message.newBuilder()
                    .setRole("system")
                    .setContent(instructions)
                    .build());
        }
        conversation.addAll(RequestJson.conversation("responses_create_params.input", parameters.path("input")));
        JsonNode metadata = body.path("verifier_metadata");
        Label label = Label.read(
                "verifier_metadata", List.of(metadata, Label.parsed(metadata).path("label"), body.path("label"), body));
        return List.of(new RewardSample(conversation, answer(body.path("response")), label));
    }

    /** The messages of the response, and its calls; its reasoning is left out. */
    private static AnswerText answer(JsonNode response) throws BadRequestException {
        JsonNode output = response.path("output");
        if (!output.isArray()) {
            throw new BadRequestException(
                    "response.output: is " + Label.kind(output) + "; give the list of a response");
        }
        List<String> texts = new ArrayList<>();
        List<String> calls = new ArrayList<>();
        for (int n = 0; n < output.size(); n++) {
            JsonNode item = output.get(n);
            String where = "response.output[" + n + "]";
            switch (item.path("type").asText("message")) {
                case "message" -> texts.add(RequestJson.content(where + ".content", item.path("content")));
                case "function_call", "custom_tool_call" -> calls.add(RequestJson.call(where, item));
                case "reasoning" -> {} // never judged
                default -> {} // calls of the server's own tools and their results: no text for the user
            }
        }
        return AnswerText.of(texts, calls);
    }

    @Override
    public JsonNode reply(ObjectNode body, List<Reward> rewards) {
        Reward reward = rewards.getFirst();
        ObjectNode reply = body.deepCopy();
        reply.put("reward", reward.value());
        ObjectNode components = reply.putObject("reward_components");
        Route.putCriteria(components, reward);
        return reply;
    }

    @Override
    public ObjectNode missing(ObjectNode body, NoRewardException why) {
        ObjectNode reply = body.deepCopy();
        reply.remove(List.of("reward", "reward_components"));
        reply.put("_ng_failure_class", "judge_failed");
        reply.setAll(Route.problem(why));
        return reply;
    }
}
