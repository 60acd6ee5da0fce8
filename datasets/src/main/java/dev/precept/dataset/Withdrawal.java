package dev.precept.dataset;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.records.Sample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Rows that later versions of a dataset must not contain, and why; {@code withdrawals/<number>.json}.
 *
 * @param number from 1, in order of creation
 */
public record Withdrawal(long number, String why, RowSelector selector) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * All withdrawals of a dataset, in order.
     *
     * @throws InvalidDocumentException if one selects nothing: taken for one, it would let withdrawn rows into a version
     * @throws IOException if the store fails
     */
    public static List<Withdrawal> read(Dataset dataset) throws IOException {
        List<Withdrawal> withdrawals = new ArrayList<>();
        for (Journal.Entry entry : new Journal(dataset.store(), Layout.WITHDRAWALS).entries()) {
            RowSelector selector = RowSelector.of(entry.body());
            if (selector.isEmpty()) {
                throw new InvalidDocumentException(Layout.journalEntry(Layout.WITHDRAWALS, entry.number())
                        + " is no withdrawal; put it back from a backup");
            }
            withdrawals.add(
                    new Withdrawal(entry.number(), entry.body().path("why").asText(), selector));
        }
        return withdrawals;
    }

    /** Records a withdrawal. If the same one exists, with the same reason, it is returned. */
    public static Withdrawal record(Dataset dataset, String why, RowSelector rowSelector) throws IOException {
        Journal journal = new Journal(dataset.store(), Layout.WITHDRAWALS);
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

    /** The first of some withdrawals that matches a sample. */
    public static Optional<Withdrawal> first(List<Withdrawal> withdrawals, Sample sample) {
        return withdrawals.isEmpty()
                ? Optional.empty()
                : withdrawals.stream()
                        .filter(each -> each.selector().matches(sample))
                        .findFirst();
    }

    public ObjectNode json() {
        ObjectNode json = JSON.createObjectNode().put("number", number).put("why", why);
        return json.setAll(selector.toJson());
    }
}
