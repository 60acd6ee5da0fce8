package dev.precept.judging.screen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.content.Sha256;
import dev.precept.judging.Layout;
import dev.precept.judging.PromptTemplate;
import dev.precept.judging.PromptTemplates;
import dev.precept.judging.TaskFixture;
import dev.precept.records.CitationScreen;
import dev.precept.records.Message;
import dev.precept.records.Prompt;
import dev.precept.schemas.TrustedRecords;
import dev.precept.spec.Excerpt;
import dev.precept.spec.SpecFolder;
import dev.precept.spec.Specification;
import dev.precept.text.SearchedText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Precision and recall of the leak screen on the lines that were labelled before it existed, as docs/reference/screens.md has
 * them. The held-out half was run once; a change of the detector must not be made from its lines.
 */
final class LabelledLeaksTest {
    private static final Path ROOT = Path.of(System.getProperty("precept.root", ".."));
    private static final Path RECORDING = ROOT.resolve(Path.of("..", "shared", "data", "star-1-recorded.json"));
    private static final Pattern PARTS = Pattern.compile("^\\s*<think>\\s*([\\s\\S]*?)\\s*</think>\\s*([\\s\\S]*)$");
    private static final Pattern TURN = Pattern.compile("\\[(system|developer|user|assistant|tool)\\]\\s");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static Prompt prompt;

    private final Specification starter = SpecFolder.load(ROOT.resolve(Path.of("starter", "spec")));
    private final CompletionScreen screen =
            new CompletionScreen(PromptTemplates.builtIn(PromptTemplate.Role.GENERATE, Layout.SPEC_FIRST));

    @BeforeAll
    static void makeThePrompt() throws IOException {
        TrustedRecords.trust();
        prompt = TaskFixture.in(folder).generation("p", "?", null).getPrompt();
        prompt.getRunParameters().setCitationScreen(CitationScreen.OFF);
    }

    private record Counts(int hits, int falseAlarms, int misses, int quiet) {}

    @ParameterizedTest
    @CsvSource({"tuning, 41, 0, 0, 34", "held_out, 29, 4, 12, 32"})
    void linesOfOwnWordingAreToldApart(String split, int hits, int falseAlarms, int misses, int quiet)
            throws IOException {
        Counts counts = new Counts(0, 0, 0, 0);
        for (JsonNode line : labels("leak-own.jsonl", split)) {
            String specification = line.path("specification").asText("");
            counts = add(
                    counts,
                    line,
                    isLeak(
                            turns(line.get("conversation").asText()),
                            line,
                            line.get("text").asText(),
                            specification));
        }
        assertAtLeast(counts, new Counts(hits, falseAlarms, misses, quiet));
    }

    @ParameterizedTest
    @CsvSource({"tuning, 9, 0, 0, 55", "held_out, 8, 0, 1, 59"})
    void spansOfTheRecordingAreToldApart(String split, int hits, int falseAlarms, int misses, int quiet)
            throws IOException {
        Map<String, JsonNode> recording = recording();
        Counts counts = new Counts(0, 0, 0, 0);
        for (JsonNode line : labels("leak-recorded.jsonl", split)) {
            JsonNode row =
                    Objects.requireNonNull(recording.get(line.get("record").asText()));
            String field = line.get("field").asText();
            String text = part(row, field)
                    .substring(line.get("start").asInt(), line.get("end").asInt());
            counts = add(counts, line, isLeak(turns(row.get("question").asText()), line, text, ""));
        }
        assertAtLeast(counts, new Counts(hits, falseAlarms, misses, quiet));
    }

    /** The labels name each leak of the recording: 15 reasonings and 2 answers. */
    @Test
    void onTheWholeRecordingHardlyAnythingElseIsReported() throws IOException {
        List<String> found = new ArrayList<>();
        for (JsonNode row : recording().values()) {
            for (String field : List.of("reasoning", "answer")) {
                if (isLeak(turns(row.get("question").asText()), field, part(row, field), "")) {
                    found.add(field + " " + row.get("id").asText());
                }
            }
        }
        assertThat(found.stream().filter(each -> each.startsWith("reasoning"))).hasSize(15);
        assertThat(found.stream().filter(each -> each.startsWith("answer"))).containsExactly("answer 37407");
    }

    private static void assertAtLeast(Counts counts, Counts measured) {
        assertThat(counts.hits()).as("found, of %s", counts).isGreaterThanOrEqualTo(measured.hits());
        assertThat(counts.falseAlarms()).as("false, of %s", counts).isLessThanOrEqualTo(measured.falseAlarms());
        assertThat(counts.hits() + counts.misses()).isEqualTo(measured.hits() + measured.misses());
        assertThat(counts.quiet() + counts.falseAlarms()).isEqualTo(measured.quiet() + measured.falseAlarms());
    }

    private static Counts add(Counts counts, JsonNode line, boolean found) {
        boolean leak = line.get("label").asText().equals("leak");
        return new Counts(
                counts.hits() + (leak && found ? 1 : 0),
                counts.falseAlarms() + (!leak && found ? 1 : 0),
                counts.misses() + (leak && !found ? 1 : 0),
                counts.quiet() + (!leak && !found ? 1 : 0));
    }

    private boolean isLeak(List<Message> turns, JsonNode line, String text, String specification) {
        return isLeak(turns, line.get("field").asText(), text, specification);
    }

    private boolean isLeak(List<Message> turns, String field, String text, String specification) {
        Excerpt excerpt = specification.isEmpty()
                ? starter.excerpt(starter.categories())
                : new Excerpt(specification, Sha256.hex(specification), List.of(), List.of());
        ScreenedCompletion completion = field.equals("reasoning")
                ? new ScreenedCompletion(text, "", null)
                : new ScreenedCompletion("", text, null);
        Prompt asked = Prompt.newBuilder(prompt).setMessages(turns).build();
        return !Objects.requireNonNull(
                        Objects.requireNonNull(screen.inspect(asked, completion, starter, excerpt, "7d0e31425067b13b"))
                                .getLeaks())
                .isEmpty();
    }

    private static List<Message> turns(String conversation) {
        List<Message> turns = new ArrayList<>();
        Matcher turn = TURN.matcher(conversation);
        String role = "user";
        int from = 0;
        while (turn.find()) {
            addTurn(turns, role, conversation.substring(from, turn.start()));
            role = turn.group(1);
            from = turn.end();
        }
        addTurn(turns, role, conversation.substring(from));
        return turns;
    }

    private static void addTurn(List<Message> turns, String role, String text) {
        if (!text.isBlank()) {
            turns.add(
                    Message.newBuilder().setRole(role).setContent(text.strip()).build());
        }
    }

    private static List<JsonNode> labels(String file, String split) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        try (InputStream in = Objects.requireNonNull(LabelledLeaksTest.class.getResourceAsStream("labels/" + file))) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                JsonNode label = JSON.readTree(line);
                if (label.get("split").asText().equals(split)) {
                    lines.add(label);
                }
            }
        }
        return lines;
    }

    private static Map<String, JsonNode> recording() throws IOException {
        assumeTrue(Files.exists(RECORDING), "the recorded completions are not beside this repository");
        Map<String, JsonNode> records = new HashMap<>();
        for (JsonNode row : JSON.readTree(RECORDING.toFile())) {
            records.put(row.get("id").asText(), row);
        }
        return records;
    }

    private static String part(JsonNode row, String field) {
        Matcher parts = PARTS.matcher(row.get("response").asText());
        assertThat(parts.find()).isTrue();
        return field.equals("reasoning") ? parts.group(1) : parts.group(2).strip();
    }

    @Test
    void aWordOfTheUserIsNoHandedInText() throws IOException {
        List<Message> turns = turns("Give me both sides of the debate on a general strike as policy.");
        assertThat(isLeak(turns, "reasoning", "What the user wants here concerns a general strike as policy.", ""))
                .isFalse();
        assertThat(isLeak(turns("Hi."), "reasoning", "The user wants me to follow the safety policies.", ""))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "the policies ",
                "i was ",
                "the policies that were ",
                "the instructions say ",
                "my last answer ",
                "a",
                "the request demands ",
                "the user has also just told ",
                "policies 用户提供",
                "the first of the "
            })
    void hostileTextTakesTimeProportionalToItsLength(String piece) {
        String text = piece.repeat(200_000 / piece.length());
        UserWords user = new UserWords(turns("Why?"), SearchedText.of("why?"));
        long start = System.nanoTime();
        HandedInText.count(text, false, user);
        HandedInText.count(text, true, user);
        new UserWords(turns("Why?"), SearchedText.of(text)).holdsOrders();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
    }
}
