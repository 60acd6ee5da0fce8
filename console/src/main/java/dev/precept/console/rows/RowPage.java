package dev.precept.console.rows;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.console.api.ApiException;
import dev.precept.console.api.ApiRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One page of the rows that meet a filter: the newest first, with counts of all of them. */
final class RowPage {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern CURSOR = Pattern.compile("(\\d{1,9})\\.(\\d{1,9})");
    private static final int DEFAULT_LIMIT = 50;
    private static final int MOST = 200;
    /** Values of a facet. */
    private static final int MOST_VALUES = 200;

    private final RowIndex.State state;
    private final RowFilter filter;
    private final int limit;
    private final int fromSegment;
    private final int fromRow;

    /** @throws ApiException if a parameter has no meaning */
    RowPage(RowIndex.State state, ApiRequest request) throws ApiException {
        this.state = state;
        this.filter = new RowFilter(request, state.columns());
        this.limit = request.number("limit", DEFAULT_LIMIT, 1, MOST);
        Optional<String> cursor = request.parameter("cursor");
        if (cursor.isEmpty()) {
            this.fromSegment = state.segments().size();
            this.fromRow = 0;
        } else {
            Matcher place = CURSOR.matcher(cursor.get());
            if (!place.matches()) {
                throw ApiException.badRequest("cursor: give the 'next' of a page");
            }
            this.fromSegment = Integer.parseInt(place.group(1));
            this.fromRow = Integer.parseInt(place.group(2));
        }
    }

    ObjectNode read() throws IOException {
        RowFilter.Counts counts = new RowFilter.Counts(state.columns());
        List<RowIndex.Found> found = new ArrayList<>();
        String next = null;
        for (int number = state.segments().size() - 1; number >= 0; number--) {
            Segment segment = state.segments().get(number);
            for (int at = segment.count - 1; at >= 0; at--) {
                if (filter.count(segment, at, counts) && isAfterCursor(number, at)) {
                    if (found.size() < limit) {
                        found.add(new RowIndex.Found(segment, at));
                    } else if (next == null) {
                        next = number + "." + (at + 1);
                    }
                }
            }
        }
        ObjectNode json = JSON.createObjectNode();
        ArrayNode rows = json.putArray("rows");
        if (!found.isEmpty()) {
            new RowItems(state).read(found).forEach(rows::add);
        }
        json.put("next", next);
        json.put("total", counts.total());
        json.put("complete", state.complete());
        json.put("read", state.read());
        json.put("of", state.of());
        ObjectNode facets = json.putObject("facets");
        for (RowFilter.Facet facet : RowFilter.Facet.values()) {
            ArrayNode values = facets.putArray(facet.name().toLowerCase(Locale.ROOT));
            counts.values(facet).stream()
                    .limit(MOST_VALUES)
                    .forEach(entry -> values.addArray().add(entry.name()).add(entry.count()));
        }
        return json;
    }

    private boolean isAfterCursor(int number, int at) {
        return number < fromSegment || (number == fromSegment && at < fromRow);
    }
}
