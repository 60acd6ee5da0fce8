package dev.precept.reward;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.records.Message;
import dev.precept.records.ResponseStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The remote reward model of OpenRLHF: many answers, each behind its prompt with the special tokens of both. */
final class OpenRlhfRoute implements Route {
    private static final int MOST = 4_096;

    @Override
    public List<RewardSample> samples(ObjectNode body) throws BadRequestException {
        JsonNode queries = list(body, "query");
        JsonNode prompts = optionalList(body, "prompts", queries.size());
        JsonNode labels = optionalList(body, "labels", queries.size());
        List<RewardSample> samples = new ArrayList<>();
        for (int n = 0; n < queries.size(); n++) {
            samples.add(sample(n, queries.get(n), prompts.path(n), labels.path(n)));
        }
        return samples;
    }

    private static RewardSample sample(int n, JsonNode queryNode, JsonNode promptNode, JsonNode labelNode)
            throws BadRequestException {
        String where = "query[" + n + "]";
        String query = RequestJson.text(where, queryNode);
        String prompt = promptNode.isMissingNode() || promptNode.isNull()
                ? ""
                : RequestJson.text("prompts[" + n + "]", promptNode);
        String completion = ChatText.completion(where, query, prompt);
        Label label = Label.read("labels[" + n + "]", List.of(labelNode));
        if (label.namesNothing()
                && labelNode.isTextual()
                && !Label.parsed(labelNode).isObject()
                && !labelNode.textValue().isBlank()) {
            label = label.withCategory(labelNode.textValue().strip());
        }
        return new RewardSample(conversation(n, label, prompt, query, completion), AnswerText.of(completion), label);
    }

    private static List<Message> conversation(int n, Label label, String prompt, String query, String completion)
            throws BadRequestException {
        if (!label.prompt().isMissingNode()) {
            return RequestJson.conversation("labels[" + n + "].prompt", label.prompt());
        }
        String text = prompt.isBlank() ? query.substring(0, query.length() - completion.length()) : prompt;
        List<Message> turns = ChatText.turns(text);
        if (turns.isEmpty()) {
            throw new BadRequestException("prompts[" + n + "]: is missing, and query[" + n + "] shows no prompt");
        }
        return turns;
    }

    private static JsonNode list(ObjectNode body, String name) throws BadRequestException {
        JsonNode list = body.path(name);
        if (!list.isArray() || list.isEmpty()) {
            throw new BadRequestException(
                    name + ": is " + (list.isArray() ? "empty" : Label.kind(list)) + "; give a list of texts");
        }
        if (list.size() > MOST) {
            throw new BadRequestException(name + ": has " + list.size() + " entries; send at most " + MOST);
        }
        return list;
    }

    private static JsonNode optionalList(ObjectNode body, String name, int size) throws BadRequestException {
        JsonNode list = body.path(name);
        if (list.isMissingNode() || list.isNull()) {
            return MissingNode.getInstance();
        }
        if (!list.isArray() || list.size() != size) {
            throw new BadRequestException(
                    name + ": is " + (list.isArray() ? "a list of " + list.size() : Label.kind(list))
                            + ", and query is a list of " + size);
        }
        return list;
    }

    @Override
    public JsonNode reply(ObjectNode body, List<Reward> rewards) {
        ObjectNode reply = RequestJson.MAPPER.createObjectNode();
        ArrayNode values = reply.putArray("rewards");
        ArrayNode scores = reply.putArray("scores");
        ObjectNode logs = reply.putObject("extra_logs");
        for (Reward reward : rewards) {
            values.add(reward.value());
            scores.add(reward.value());
            logs.withArray("judge_seconds").add(reward.seconds());
            logs.withArray("judge_stored").add(reward.votes() == 0 ? 0.0 : (double) reward.stored() / reward.votes());
            logs.withArray("no_answer").add(reward.votes() == 0 ? 1.0 : 0.0);
            for (ResponseStyle style : ResponseStyle.values()) {
                logs.withArray("style_" + style.name().toLowerCase(Locale.ROOT))
                        .add(reward.style() == style ? 1.0 : 0.0);
            }
        }
        return reply;
    }
}
