package dev.precept.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.console.api.ConsoleToken;
import dev.precept.dataset.Audit;
import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.ReleasedVersion;
import dev.precept.records.CitationFindings;
import dev.precept.records.CitedClause;
import dev.precept.records.FalseCitation;
import dev.precept.records.Message;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.records.ScreenFindings;
import dev.precept.records.Vote;
import dev.precept.spec.SpecFolder;
import dev.precept.spec.Specification;
import dev.precept.store.location.StoreLocation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A dataset with a few rows, some of them hostile, and a console over it. */
final class ConsoleFixture implements AutoCloseable {
    /** Runs in a browser that takes it for HTML, turns its own text round, and is long. */
    static final String HOSTILE =
            "<script>alert(1)</script><img src=x onerror=alert(2)>\u202egnp.exe\u0000\u2028\u3164\udb40\udd01"
                    + "x".repeat(200_000);

    private static final int LINES = 10_000;

    static final String QUOTED = "Write light jokes between friends when they aim at deeds and habits";

    private static final ObjectMapper JSON = new ObjectMapper();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Console console;

    static final Specification SPECIFICATION =
            SpecFolder.load(Path.of(System.getProperty("precept.root", ".."), "starter", "spec"));

    ConsoleFixture(CommittedDataset dataset, Optional<String> version, boolean readOnly, Optional<ConsoleToken> token) {
        this(dataset, version, readOnly, token, List.of());
    }

    private ConsoleFixture(
            CommittedDataset dataset,
            Optional<String> version,
            boolean readOnly,
            Optional<ConsoleToken> token,
            List<Console.Extension> extensions) {
        StoreLocation location = new StoreLocation.Folder(dataset.folder());
        Dataset opened = Dataset.openReadOnly(location);
        this.console = Console.open(
                new ConsoleSettings("127.0.0.1", 0, Optional.empty(), token, readOnly),
                "a test",
                Optional.of(new Console.Shown(
                        opened,
                        location,
                        version.map(name -> ReleasedVersion.resolve(opened, name)),
                        who -> new Audit.Principal("user", "host", who))),
                extensions);
    }

    /** With more pages. */
    ConsoleFixture(CommittedDataset dataset, List<Console.Extension> extensions) {
        this(dataset, Optional.empty(), false, Optional.empty(), extensions);
    }

    ConsoleFixture(CommittedDataset dataset) {
        this(dataset, Optional.empty(), false, Optional.empty());
    }

    /** Twelve samples, three failed attempts of one slot and two ended slots, with the starter specification. */
    static CommittedDataset dataset(Path folder) throws IOException {
        CommittedDataset dataset = new CommittedDataset(folder.resolve("dataset"), folder.resolve("spool"));
        dataset.dataset()
                .storeSpecification(
                        SPECIFICATION.version(), new String(SPECIFICATION.compile(), StandardCharsets.UTF_8));
        List<Sample> samples = new ArrayList<>();
        for (int n = 1; n <= 12; n++) {
            samples.add(sample(n));
        }
        dataset.samples(0, samples.subList(0, 7));
        dataset.samples(1, samples.subList(7, 12));
        dataset.rejections(
                0,
                List.of(
                        NeutralRows.attempt(20, 0, 1, 2.0),
                        NeutralRows.attempt(20, 0, 2, 3.5),
                        Rejection.newBuilder(NeutralRows.rejection(20))
                                .setAttempt(2)
                                .build(),
                        NeutralRows.attempt(1, 0, 1, 4),
                        NeutralRows.rejection(31)));
        return dataset;
    }

    /**
     * Sample 3 is hostile in every text. Sample 4 cites a clause that does not exist, and its judges disagree. Sample 6 has ten
     * thousand lines.
     */
    static Sample sample(int n) {
        Sample row = Sample.newBuilder(NeutralRows.sample(n))
                .setSpecVersion(SPECIFICATION.version())
                .build();
        if (n == 3) {
            row.setReasoning(HOSTILE);
            row.setAnswer(HOSTILE);
            row.setMessages(List.of(
                    Message.newBuilder().setRole("user").setContent(HOSTILE).build(),
                    Message.newBuilder()
                            .setRole("assistant")
                            .setContent(HOSTILE)
                            .setReasoningContent(HOSTILE)
                            .build()));
            row.setJudge(List.of(Vote.newBuilder(row.getJudge().getFirst())
                    .setReason(HOSTILE)
                    .build()));
        }
        if (n == 6) {
            row.setReasoning("a\n".repeat(LINES));
            row.setAnswer("b\n".repeat(LINES));
        }
        if (n == 4) {
            row.setReasoning(
                    "By [harassment-banter], which says: \u201c" + QUOTED + "\u201d. Cited too: [harassment-made-up].");
            row.setCitedClauses(List.of("harassment-banter"));
            row.setFindings(ScreenFindings.newBuilder()
                    .setDetector("screen/2")
                    .setUnknownClauses(List.of("harassment-made-up"))
                    .setCitations(new CitationFindings(
                            List.of(new CitedClause("harassment-banter", List.of("id"), 1, "other")),
                            List.of(new FalseCitation("id", "harassment-made-up")),
                            0.4))
                    .build());
            row.setJudge(List.of(
                    row.getJudge().getFirst(),
                    Vote.newBuilder(row.getJudge().getLast()).setScore(4).build()));
        }
        return row;
    }

    String url() {
        return console.url();
    }

    JsonNode get(String path) {
        HttpResponse<String> response = send(request(path).GET().build());
        if (response.statusCode() != 200) {
            throw new AssertionError(path + ": " + response.statusCode() + " " + response.body());
        }
        return json(response);
    }

    HttpResponse<String> post(String path, String body) {
        return send(request(path)
                .header("x-precept", "1")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    /** The rows, once all are read. */
    JsonNode rows(String query) {
        long end = System.nanoTime() + 20_000_000_000L;
        while (System.nanoTime() < end) {
            JsonNode page = get("/api/rows" + query);
            if (page.path("complete").asBoolean()) {
                return page;
            }
        }
        throw new AssertionError("the rows are not read in 20 s");
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(console.url() + path));
    }

    HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException("no answer of the console", e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static JsonNode json(HttpResponse<String> response) {
        try {
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException("no JSON", e);
        }
    }

    @Override
    public void close() {
        client.close();
        console.close();
    }
}
