package dev.precept.reward;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One form in which a trainer asks for rewards. A pure function in both directions. */
interface Route {
    /** The answers of a request, in its order. */
    List<RewardSample> samples(ObjectNode body) throws BadRequestException;

    /** @param rewards in the order of the samples */
    JsonNode reply(ObjectNode body, List<Reward> rewards);

    /** What is sent with status 503. It has no field that could be taken for a reward. */
    default ObjectNode missing(ObjectNode body, NoRewardException why) {
        return problem(why);
    }

    static ObjectNode problem(NoRewardException why) {
        return RequestJson.MAPPER
                .createObjectNode()
                .put("error", why.getMessage())
                .put("cause", why.reason().label());
    }

    /** All routes, by path. */
    static Map<String, Route> all() {
        return Map.of(
                "/slime", new SlimeRoute(),
                "/get_reward", new OpenRlhfRoute(),
                "/score", new VerlRoute(),
                "/verify", new GymRoute(),
                "/reward", new OwnRoute());
    }

    /** Criteria from 0 to 1, by name. */
    static void putCriteria(ObjectNode into, Reward reward) {
        reward.criteria().forEach((name, score) -> into.put(name, score / Reward.HIGHEST));
    }

    /** The name of a response style as of a vote. */
    static JsonNode style(Reward reward) {
        return reward.style() == null
                ? RequestJson.MAPPER.getNodeFactory().nullNode()
                : RequestJson.MAPPER
                        .getNodeFactory()
                        .textNode(reward.style().name().toLowerCase(Locale.ROOT));
    }
}
