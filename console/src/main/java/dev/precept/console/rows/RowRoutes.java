package dev.precept.console.rows;

import dev.precept.console.api.ApiException;
import dev.precept.console.api.ApiReply;
import dev.precept.console.api.ApiRequest;
import dev.precept.console.api.Route;
import dev.precept.console.specs.Specifications;
import dev.precept.dataset.calibration.Calibration;
import dev.precept.runtime.http.WebReply;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The rows of a dataset or of a version. Thread-safe. */
public final class RowRoutes {
    private static final int MOST_WORDS = 500;

    private final RowIndex index;
    private final Specifications specifications;

    public RowRoutes(RowIndex index, Specifications specifications) {
        this.index = index;
        this.specifications = specifications;
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/api/rows", this::list),
                Route.get("/api/rows/{id}", this::one),
                Route.get("/api/search", this::search));
    }

    private WebReply list(ApiRequest request) throws ApiException, IOException, InterruptedException {
        return ApiReply.json(new RowPage(index.current(), request).read());
    }

    private WebReply one(ApiRequest request) throws ApiException, IOException, InterruptedException {
        return ApiReply.json(new RowDetail(index.current(), specifications).read(request.segment("id")));
    }

    private WebReply search(ApiRequest request) throws ApiException, IOException, InterruptedException {
        String words = request.require("q").strip();
        if (words.isEmpty() || words.length() > MOST_WORDS) {
            throw ApiException.badRequest("q: give 1 to " + MOST_WORDS + " characters");
        }
        RowIndex.State state = index.current();
        RowSearch search = new RowSearch(state, new RowFilter(request, state.columns()), words);
        return ApiReply.events(search::run);
    }

    /**
     * Where a row is that judges voted on; empty if they did not, or it has no answer.
     *
     * @throws ApiException if there is no such row
     */
    public Optional<Calibration.Place> findJudged(String id) throws ApiException, IOException, InterruptedException {
        RowDetail.Loaded loaded = new RowDetail(index.current(), specifications).load(id);
        RowIndex.Found place = loaded.place();
        return loaded.isJudged() ? Optional.of(place.segment().place(place.at())) : Optional.empty();
    }
}
