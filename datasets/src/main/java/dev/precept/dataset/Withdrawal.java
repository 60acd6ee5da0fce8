package dev.precept.dataset;

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
public record Withdrawal(long number, String why, RowSelector selector) {
    public static final String PREFIX = "withdrawals/";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** All of a dataset, in order. */
    public static List<Withdrawal> read(Dataset dataset) throws IOException {
        List<Withdrawal> withdrawals = new ArrayList<>();
        for (Journal.Entry entry : new Journal(dataset.store(), PREFIX).entries()) {
            withdrawals.add(
                    new Withdrawal(entry.number(), entry.body().path("why").asText(), RowSelector.of(entry.body())));
        }
        return withdrawals;
    }

    /** Those that a version was made with, as its recipe names them. */
    public static List<Withdrawal> read(JsonNode manifest) {
        List<Withdrawal> withdrawals = new ArrayList<>();
        manifest.path("recipe")
                .path("withdrawals")
                .forEach(each -> withdrawals.add(new Withdrawal(
                        each.path("number").asLong(), each.path("why").asText(), RowSelector.of(each))));
        return withdrawals;
    }

    /** Records that rows are withdrawn; again the same, for the same reason, is the one there is. */
    public static Withdrawal record(Dataset dataset, String why, RowSelector rowSelector) throws IOException {
        Journal journal = new Journal(dataset.store(), PREFIX);
        while (true) {
            List<Withdrawal> before = read(dataset);
            for (Withdrawal each : before) {
                if (each.why().equals(why) && each.selector().equals(rowSelector)) {
                    return each;
                }
            }
            Withdrawal next =
                    new Withdrawal(before.isEmpty() ? 1 : before.getLast().number() + 1, why, rowSelector);
            if (journal.append(next.number(), next.json())) {
                return next;
            }
        }
    }

    public ObjectNode json() {
        ObjectNode json = JSON.createObjectNode().put("number", number).put("why", why);
        return json.setAll(selector.toJson());
    }
}
