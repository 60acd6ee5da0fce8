package dev.precept.spec.citation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.spec.SpecFolder;
import dev.precept.text.SearchedText;
import dev.precept.text.WordHashes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The citations that were labelled by reading in 30 recorded reasonings, against a specification with the eight headings that
 * they cite. The recording is no part of the repository: without it the test is skipped.
 */
final class LabelledCitationsTest {
    private static final Path ROOT = Path.of(System.getProperty("precept.root", ".."));
    private static final Path RECORDING = ROOT.resolve(Path.of("..", "shared", "data", "star-1-recorded.json"));
    private static final Path LABELS = ROOT.resolve(
            Path.of("judging/src/test/resources/dev/precept/judging/screen/labels/citations-recorded.jsonl"));
    private static final Pattern PARTS = Pattern.compile("^\\s*<think>\\s*([\\s\\S]*?)\\s*</think>");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final CitationReader reader = new CitationReader(
            SpecFolder.load(Path.of("src", "test", "resources", "dev", "precept", "spec", "citation", "eight")));
    private final Map<String, JsonNode> records = new HashMap<>();

    @BeforeEach
    void readTheRecording() throws IOException {
        assumeTrue(Files.exists(RECORDING), "the recorded completions are not beside this repository");
        for (JsonNode row : JSON.readTree(RECORDING.toFile())) {
            records.put(row.get("id").asText(), row);
        }
    }

    /** Of 86 labelled clauses 4 are negated ("other sections like … don't come into play"): these must not be found. */
    @Test
    void labelledCitationsAreFoundAndHardlyAnythingElse() throws IOException {
        int labelled = 0;
        int found = 0;
        int mentions = 0;
        int others = 0;
        List<String> missed = new ArrayList<>();
        for (String line : Files.readAllLines(LABELS)) {
            JsonNode labels = JSON.readTree(line);
            JsonNode row =
                    Objects.requireNonNull(records.get(labels.get("record").asText()));
            Matcher parts = PARTS.matcher(row.get("response").asText());
            assertThat(parts.find()).isTrue();
            Passage passage = Passage.read(SearchedText.of(parts.group(1)));
            List<Mention> read = reader.mentions(
                    passage,
                    WordHashes.runs(passage.wordHashes(), ClauseRuns.LENGTH),
                    new Conversation(SearchedText.of(row.get("question").asText())));
            Set<Mention> matched = new HashSet<>();
            for (JsonNode label : labels.get("citations")) {
                List<Mention> over = read.stream()
                        .filter(mention -> mention.start() < label.get("end").asInt()
                                && mention.end() > label.get("start").asInt())
                        .toList();
                matched.addAll(over);
                if (label.get("kind").asText().equals("anaphora")) {
                    continue; // "the policy says" names nothing
                }
                for (String ref : label.get("ref").asText().split("\\+")) {
                    labelled++;
                    if (over.stream().anyMatch(mention -> names(mention, ref))) {
                        found++;
                    } else {
                        missed.add(labels.get("record").asText() + " "
                                + label.get("kind").asText() + " " + ref);
                    }
                }
            }
            mentions += read.size();
            others += (int)
                    read.stream().filter(mention -> !matched.contains(mention)).count();
        }
        assertThat(labelled).isEqualTo(86);
        assertThat(missed).filteredOn(miss -> miss.startsWith("36492 number")).hasSize(4);
        assertThat(found).as("found; missed %s", missed).isGreaterThanOrEqualTo(76);
        assertThat(others).as("of %d mentions that no label has", mentions).isLessThanOrEqualTo(3);
    }

    /** @param ref number of a policy or of its rule; null: nothing of the specification */
    private static boolean names(Mention mention, String ref) {
        if (ref.equals("null")) {
            return mention.isFalse();
        }
        String policy = "p" + ref.split("\\.")[0];
        return mention.clauses().stream().anyMatch(id -> id.equals(policy) || id.startsWith(policy + "-"));
    }
}
