package dev.precept.sinks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What no later version of a dataset has, and why; {@code withdrawals/<number>.json}.
 *
 * @param number from 1, in the order they were made
 */
public record Withdrawal(long number, String why, Which which) {
    static final String PREFIX = "withdrawals/";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** All of a dataset, in order. */
    static List<Withdrawal> of(Dataset dataset) throws IOException {
        List<Withdrawal> withdrawals = new ArrayList<>();
        for (Journal.Entry entry : new Journal(dataset.store(), PREFIX).entries()) {
            withdrawals.add(
                    new Withdrawal(entry.number(), entry.said().path("why").asText(), Which.of(entry.said())));
        }
        return withdrawals;
    }

    /** Those that a version was made with, as its recipe names them. */
    static List<Withdrawal> of(JsonNode manifest) {
        List<Withdrawal> withdrawals = new ArrayList<>();
        manifest.path("recipe")
                .path("withdrawals")
                .forEach(each -> withdrawals.add(new Withdrawal(
                        each.path("number").asLong(), each.path("why").asText(), Which.of(each))));
        return withdrawals;
    }

    /** Records that rows are withdrawn; again the same, for the same reason, is the one there is. */
    static Withdrawal record(Dataset dataset, String why, Which which) throws IOException {
        Journal journal = new Journal(dataset.store(), PREFIX);
        while (true) {
            List<Withdrawal> before = of(dataset);
            for (Withdrawal each : before) {
                if (each.why().equals(why) && each.which().equals(which)) {
                    return each;
                }
            }
            Withdrawal next =
                    new Withdrawal(before.isEmpty() ? 1 : before.getLast().number() + 1, why, which);
            if (journal.append(next.number(), next.json())) {
                return next;
            }
        }
    }

    ObjectNode json() {
        ObjectNode json = JSON.createObjectNode().put("number", number).put("why", why);
        return json.setAll(which.json());
    }
}
