package dev.precept.console.rows;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.console.api.ApiException;
import dev.precept.console.specs.Specifications;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.ReleasedVersion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The rows that a version keeps, each with everything that the page shows of one. */
public final class ExportedRows {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RowIndex index;
    private final Specifications specifications;

    public ExportedRows(Dataset dataset, ReleasedVersion version) {
        index = new RowIndex(new RowSource(dataset, Optional.of(version)));
        specifications = new Specifications(dataset);
    }

    /** Rows, each as {@code item}, the line of a list, and {@code row}, as the console's interface gives them. */
    public record Exported(List<ObjectNode> rows, long kept) {}

    /** @param most rows, the first in the order of commits */
    public Exported read(int most) throws IOException, InterruptedException {
        RowIndex.State state = index.whole();
        List<RowIndex.Found> found = new ArrayList<>();
        long kept = 0;
        for (Segment segment : state.segments()) {
            for (int at = 0; at < segment.count; at++) {
                if (RowOutcome.of(segment.outcome[at]).isKept()) {
                    kept++;
                    if (found.size() < most) {
                        found.add(new RowIndex.Found(segment, at));
                    }
                }
            }
        }
        RowDetail detail = new RowDetail(state, specifications);
        List<ObjectNode> rows = new ArrayList<>();
        try {
            for (ObjectNode item : new RowItems(state).read(found)) {
                ObjectNode one = JSON.createObjectNode();
                one.set("item", item);
                one.set("row", detail.read(item.path("id").textValue()));
                rows.add(one);
            }
        } catch (ApiException e) {
            throw new IOException("a row that was listed is not there any more: " + e.getMessage(), e);
        }
        return new Exported(rows, kept);
    }
}
