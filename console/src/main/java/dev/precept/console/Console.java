package dev.precept.console;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.config.ConfigurationException;
import dev.precept.console.api.ApiHandler;
import dev.precept.console.api.ApiReply;
import dev.precept.console.api.Route;
import dev.precept.console.calibration.CalibrationRoutes;
import dev.precept.console.rows.CitationCounter;
import dev.precept.console.rows.RowIndex;
import dev.precept.console.rows.RowRoutes;
import dev.precept.console.rows.RowSource;
import dev.precept.console.specs.SpecificationRoutes;
import dev.precept.console.specs.Specifications;
import dev.precept.console.versions.VersionRoutes;
import dev.precept.dataset.Audit;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.ReleasedVersion;
import dev.precept.runtime.http.WebReply;
import dev.precept.runtime.http.WebServer;
import dev.precept.store.location.StoreLocation;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The console: a page for a browser, and the interface that it reads. {@link #routes} is the list of everything that it serves.
 */
public final class Console implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_BODY = 1 << 20;
    private static final Duration LONGEST_HANDLING = Duration.ofMinutes(30);
    private static final Duration DRAIN = Duration.ofSeconds(2);

    private final WebServer server;

    private Console(WebServer server) {
        this.server = server;
    }

    /**
     * The dataset whose rows are shown.
     *
     * @param dataset opened to read
     * @param version empty for the rows of all commits
     * @param principal who changes something, by the name that a person gives
     */
    public record Shown(
            Dataset dataset,
            StoreLocation location,
            Optional<ReleasedVersion> version,
            Function<String, Audit.Principal> principal) {}

    /**
     * More pages, each with its routes.
     *
     * @param page as the page of the browser asks for it: {@code run} or {@code try}
     */
    public record Extension(String page, List<Route> routes) {}

    /**
     * Starts the console.
     *
     * @param place what is shown, for its reader
     * @param shown empty without a dataset, or as long as the run has made none
     * @param extensions the run and what it offers
     * @throws ConfigurationException if it cannot listen
     */
    public static Console open(
            ConsoleSettings settings, String place, Optional<Shown> shown, List<Extension> extensions) {
        boolean readOnly = isReadOnly(settings, shown);
        List<Route> routes = routes(place, readOnly, shown, extensions);
        WebServer server = WebServer.open(
                new WebServer.Settings(
                        settings.bind(), settings.port(), settings.tls(), MAX_BODY, LONGEST_HANDLING, DRAIN, "--port"),
                new ApiHandler(
                        routes, settings.token(), readOnly, settings.tls().isPresent()));
        return new Console(server);
    }

    /** A version is what was released: it is looked at, and corrected in the dataset. */
    private static boolean isReadOnly(ConsoleSettings settings, Optional<Shown> shown) {
        return settings.readOnly() || shown.flatMap(Shown::version).isPresent();
    }

    /** Everything that the console serves below {@code /api}. */
    static List<Route> routes(String place, boolean readOnly, Optional<Shown> shown, List<Extension> extensions) {
        List<Route> routes = new ArrayList<>();
        routes.add(Route.get("/api/info", _ -> info(place, readOnly, shown.isPresent(), extensions)));
        routes.add(Route.get("/api/openapi.json", _ -> openApi()));
        shown.ifPresent(data -> {
            Specifications specifications = new Specifications(data.dataset);
            RowIndex index = new RowIndex(new RowSource(data.dataset, data.version));
            index.prepare();
            RowRoutes rows = new RowRoutes(index, specifications);
            routes.addAll(rows.routes());
            routes.addAll(SpecificationRoutes.of(specifications, new CitationCounter(index)));
            routes.addAll(VersionRoutes.of(data.dataset, data.version.map(ReleasedVersion::name)));
            routes.addAll(new CalibrationRoutes(data.dataset, data.location, rows, data.principal, Clock.systemUTC())
                    .routes());
        });
        extensions.forEach(extension -> routes.addAll(extension.routes));
        return List.copyOf(routes);
    }

    private static WebReply info(String place, boolean readOnly, boolean dataset, List<Extension> extensions) {
        ObjectNode json = JSON.createObjectNode();
        json.put("place", place).put("read_only", readOnly).put("dataset", dataset);
        for (String page : List.of("run", "try")) {
            json.put(page, extensions.stream().anyMatch(each -> each.page.equals(page)));
        }
        return ApiReply.json(json);
    }

    private static WebReply openApi() throws IOException {
        try (InputStream in = Console.class.getResourceAsStream("openapi.json")) {
            if (in == null) {
                throw new IOException("the program holds no openapi.json");
            }
            return new WebReply(200, "application/json", in.readAllBytes(), Map.of());
        }
    }

    /** The address that it listens on. */
    public String url() {
        return server.url();
    }

    @Override
    public void close() {
        server.close();
    }
}
