package dev.precept.dataset.concurrent;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/** The records that sinks commit, each topic partition a list and a file. */
final class Topics {
    static final List<String> CHAINS =
            List.of("samples-topic-s-0", "samples-topic-s-1", "rejections-topic-r-0", "rejections-topic-r-1");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final RandomGenerator random;
    private final Map<String, List<Row>> topics = new LinkedHashMap<>();
    private int prompts;

    /**
     * A record; the offset is its index in the list.
     *
     * @param kind sample, attempt, rejection, or end of a run
     * @param id of this row only
     * @param token text of this row; exact duplicates have the same one
     */
    record Row(String kind, String run, String id, String token, int prompt, int slot, double score, String source) {
        boolean isEnd() {
            return kind.equals("end");
        }

        boolean isSample() {
            return kind.equals("sample");
        }
    }

    Topics(Path folder, RandomGenerator random) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.random = random;
        CHAINS.forEach(chain -> topics.put(chain, new ArrayList<>()));
    }

    List<Row> records(String chain) {
        return topics.getOrDefault(chain, List.of());
    }

    /** Appends the rows of a run to every topic. Two prompts in three have two slots. */
    void appendRun(String run, int promptsOfRun) {
        for (int i = 0; i < promptsOfRun; i++) {
            int prompt = prompts++;
            String samples = CHAINS.get(random.nextInt(2));
            String source = run + "-" + random.nextInt(3) + ".jsonl";
            Row first = row("sample", run, prompt, 0, 9, source);
            append(samples, first);
            switch (random.nextInt(4)) {
                case 0 -> append(samples, row("sample", run, prompt, 1, 5, source));
                case 1 -> append(samples, new Row("sample", run, hex(32), first.token, prompt, 1, 8, source));
                case 2 -> append("rejections-topic-r-" + random.nextInt(2), row("attempt", run, prompt, 1, 2, source));
                default -> {}
            }
            if (random.nextInt(3) == 0) {
                append("rejections-topic-r-" + random.nextInt(2), row("rejection", run, prompts++, 0, 0, source));
            }
        }
        CHAINS.forEach(chain -> append(chain, new Row("end", run, "", "", 0, 0, 0, "")));
    }

    /** The text of another row of the same prompt may be the same: an exact duplicate. */
    private Row row(String kind, String run, int prompt, int slot, double score, String source) {
        return new Row(kind, run, hex(32), hex(12), prompt, slot, score, source);
    }

    private String hex(int bytes) {
        byte[] digits = new byte[bytes];
        random.nextBytes(digits);
        return HexFormat.of().formatHex(digits);
    }

    private void append(String chain, Row row) {
        topics.getOrDefault(chain, List.of()).add(row);
        Path file = folder.resolve(chain.replaceFirst("-topic-.", ""));
        try {
            Files.write(
                    file,
                    List.of(JSON.valueToTree(row).toString()),
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** Selects rows to withdraw or purge; also exact duplicates of a selected sample. */
    record Selector(String member, String value, Set<String> tokens) {
        boolean matches(Row row) {
            return tokens.contains(row.token) || (member.equals("source") && row.source.equals(value));
        }
    }
}
