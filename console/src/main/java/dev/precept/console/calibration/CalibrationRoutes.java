package dev.precept.console.calibration;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.console.api.ApiException;
import dev.precept.console.api.ApiReply;
import dev.precept.console.api.ApiRequest;
import dev.precept.console.api.Route;
import dev.precept.console.rows.RowRoutes;
import dev.precept.dataset.Audit;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.calibration.Calibration;
import dev.precept.dataset.calibration.Calibration.Verdict;
import dev.precept.runtime.http.WebReply;
import dev.precept.store.location.StoreLocation;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What persons say about verdicts of judges: stored once in the dataset, after its record in the audit log. The dataset is
 * opened for writing with the first of them. Thread-safe.
 */
public final class CalibrationRoutes {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_WHY = 2_000;
    private static final int MOST_WHO = 100;

    private final Dataset dataset;
    private final StoreLocation location;
    private final RowRoutes rows;
    private final Function<String, Audit.Principal> principal;
    private final InstantSource clock;

    /**
     * @param dataset opened to read
     * @param location of the same dataset
     * @param principal the user of this process with the name that a person gave as actor
     */
    public CalibrationRoutes(
            Dataset dataset,
            StoreLocation location,
            RowRoutes rows,
            Function<String, Audit.Principal> principal,
            InstantSource clock) {
        this.dataset = dataset;
        this.location = location;
        this.rows = rows;
        this.principal = principal;
        this.clock = clock;
    }

    public List<Route> routes() {
        return List.of(Route.get("/api/calibrations", this::list), Route.post("/api/calibrations", this::store));
    }

    private WebReply list(ApiRequest request) throws IOException {
        ObjectNode json = JSON.createObjectNode();
        ArrayNode all = json.putArray("calibrations");
        for (Calibration each : Calibration.readAll(dataset)) {
            all.add(describe(each));
        }
        return ApiReply.json(json);
    }

    private static ObjectNode describe(Calibration calibration) {
        return JSON.createObjectNode()
                .put("number", calibration.number())
                .put("row", calibration.sampleId())
                .put("verdict", calibration.verdict().label())
                .put("who", calibration.who())
                .put("when", calibration.when().toString())
                .put("why", calibration.why())
                .put("file", calibration.key());
    }

    private synchronized WebReply store(ApiRequest request) throws ApiException, IOException, InterruptedException {
        ObjectNode body = request.object();
        String id = ApiRequest.text(body, "row", MOST_WHO);
        Verdict verdict = Verdict.byLabel(ApiRequest.text(body, "verdict", MOST_WHO))
                .orElseThrow(() -> ApiException.badRequest("verdict: give keep or turn_away"));
        String who = ApiRequest.text(body, "who", MOST_WHO);
        String why = ApiRequest.text(body, "why", MOST_WHY);
        Calibration.Place place = rows.findJudged(id)
                .orElseThrow(() -> ApiException.conflict(
                        "no judge voted on this row, or it has no answer; only a judged answer can be corrected"));
        Optional<Calibration> before = Calibration.readCurrent(dataset).stream()
                .filter(each -> each.sampleId().equals(id))
                .findFirst();
        if (before.filter(each -> each.verdict() == verdict).isPresent()) {
            throw ApiException.conflict(before.get().key() + " says so already");
        }
        Dataset writable = Dataset.openExisting(location);
        new Audit(writable, clock)
                .record(principal.apply(who), Audit.Action.CALIBRATE, Map.of("sample", id, "verdict", verdict.label()));
        Calibration stored = Calibration.store(writable, id, verdict, place, who, clock.instant(), why);
        return ApiReply.created(describe(stored));
    }
}
