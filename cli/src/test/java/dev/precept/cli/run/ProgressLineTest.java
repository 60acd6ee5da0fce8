package dev.precept.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.cli.terminal.TextWidth;
import dev.precept.records.PartitionProgress;
import dev.precept.records.Spend;
import dev.precept.runs.RunProgress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The line fits its terminal, names the phase, and estimates from the last minute. */
class ProgressLineTest {
    private static final int ROWS = 1_000;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private OptionalInt columns = OptionalInt.of(80);
    private long nanos;
    private ProgressLine line = line();

    private ProgressLine line() {
        return new ProgressLine(
                new PrintStream(bytes, true, StandardCharsets.UTF_8), () -> columns, ROWS, 1, () -> nanos);
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 40, 60, 80, 100, 120, 140, 160, 250})
    void theLineFitsEveryWidthAndIsClearedBeforeTheNext(int width) {
        columns = OptionalInt.of(width);
        Screen screen = new Screen(width);
        for (int second = 0; second < 30; second++) {
            nanos = Duration.ofSeconds(second).toNanos();
            line.show(
                    progress(second * 9L, second * 10L, second % 3 * 1e-4), second % 7 == 6 ? "judge is waiting" : "");
            screen.write(written());
            assertThat(screen.rows()).hasSize(1);
            assertThat(screen.rows().getFirst()).startsWith(second % 7 == 6 ? "judge" : second * 10 + " of");
        }
        line.message("a message that stays");
        line.show(progress(300, 310, 0), "");
        line.end();
        screen.write(written());
        assertThat(screen.text()).startsWith("a message that stays");
        assertThat(screen.rows().getLast()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"200, 60", "200, 30", "80, 79", "60, 200"})
    void aResizeLeavesNothingBehind(int before, int after) {
        columns = OptionalInt.of(before);
        Screen screen = new Screen(before);
        line.show(progress(100, 120, 1), "");
        screen.write(written());
        columns = OptionalInt.of(after);
        screen.resize(after);
        line.show(progress(200, 240, 1), "");
        screen.write(written());
        assertThat(screen.rows()).hasSize(1);
        assertThat(screen.rows().getFirst()).startsWith("240 of");
    }

    @Test
    void theLeastImportantPartsAreLeftOutFirst() {
        at(0, 0);
        at(10, 100);
        columns = OptionalInt.of(200);
        assertThat(at(20, 200))
                .contains(
                        "200 of 1,000 done",
                        "accepted 200",
                        "10.0/s",
                        "ETA 1m20s",
                        "calls",
                        "tokens",
                        "invalid votes 3");
        columns = OptionalInt.of(80);
        assertThat(at(30, 300))
                .contains("300 of 1,000 done", "accepted 300", "ETA 1m10s")
                .doesNotContain("tokens");
        columns = OptionalInt.of(40);
        assertThat(at(40, 400)).contains("400 of 1,000 done", "accepted 400").doesNotContain("ETA");
    }

    @Test
    void rateAndTimeLeftAreThoseOfTheLastMinute() {
        columns = OptionalInt.of(200);
        assertThat(at(0, 0)).doesNotContain("/s", "ETA");
        assertThat(at(100, 0)).as("the models have not answered yet").doesNotContain("/s", "ETA");
        assertThat(at(101, 2)).doesNotContain("ETA");
        assertThat(at(110, 100)).contains("10.0/s", "ETA 1m30s");
        at(140, 100);
        at(170, 130);
        assertThat(at(200, 160)).as("the fast minute is over").contains("1.0/s", "ETA 14m0s");
        assertThat(at(230, 172)).contains("42.0/min");
    }

    @Test
    void aPauseHasNoEstimateAndDoesNotCountLater() {
        columns = OptionalInt.of(200);
        at(0, 0);
        at(1, 1);
        assertThat(at(10, 100)).contains("ETA");
        nanos = Duration.ofSeconds(20).toNanos();
        line.show(progress(100, 100, 0), "paused");
        assertThat(written()).contains("paused · 100 of").doesNotContain("ETA", "/s");
        assertThat(at(500, 100)).doesNotContain("ETA");
        at(501, 110);
        assertThat(at(510, 200)).contains("10.0/s", "ETA 1m20s");
    }

    @Test
    void withoutATerminalThereAreAFewPlainLines() {
        columns = OptionalInt.empty();
        line = line();
        for (int second = 0; second < 600; second++) {
            at0(second, second);
        }
        String written = bytes.toString(StandardCharsets.UTF_8);
        assertThat(written).matches("[\\P{Cntrl}\\n]*").doesNotContain("\r", "\u001b");
        assertThat(written.lines().count()).isBetween(20L, 40L);
        line.end();
        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo(written);
    }

    /** The line as it is written at a time. */
    private String at(int second, long done) {
        at0(second, done);
        return written();
    }

    private void at0(int second, long done) {
        nanos = Duration.ofSeconds(second).toNanos();
        line.show(progress(done, done, 0), "");
    }

    private String written() {
        String written = bytes.toString(StandardCharsets.UTF_8);
        bytes.reset();
        return written;
    }

    private static RunProgress progress(long accepted, long done, double usd) {
        PartitionProgress partition = PartitionProgress.newBuilder()
                .setRunId("r")
                .setPartition(0)
                .setSlots(done + 64)
                .setAccepted(accepted)
                .setRejected(Map.of("LOW_SCORE", done - accepted))
                .setInvalid(Map.of())
                .setInFlight(Map.of("GENERATING", 40L, "JUDGING", 24L))
                .setReplayed(0)
                .setStale(0)
                .setPromptsRead(done + 64)
                .setSources(1)
                .setComplete(false)
                .setAsOf(Instant.EPOCH)
                .build();
        Spend spend = Spend.newBuilder()
                .setRunId("r")
                .setWorker("judge-0|1")
                .setRole("judge")
                .setCalls(done * 3)
                .setCallsByOutcome(Map.of())
                .setPromptTokens(done * 4_000)
                .setCompletionTokens(done * 100)
                .setAsOf(Instant.EPOCH)
                .setUsd(usd)
                .setInvalidVotes(3)
                .build();
        return RunProgress.of("r", 1, List.of(partition), List.of(spend));
    }

    /** A terminal that wraps a line when the column after the last is written, and rewraps on a resize. */
    private static final class Screen {
        private final StringBuilder text = new StringBuilder();
        private int width;
        private int row;
        private int column;
        private String logical = "";

        Screen(int width) {
            this.width = width;
        }

        void resize(int columns) {
            int at = row * width + column;
            width = columns;
            row = at / width;
            column = at % width;
        }

        void write(String output) {
            for (int i = 0; i < output.length(); i++) {
                char c = output.charAt(i);
                if (c == '\r') {
                    column = 0;
                } else if (c == '\n') {
                    text.append(logical.substring(0, Math.min(logical.length(), width))
                                    .stripTrailing())
                            .append('\n');
                    logical = "";
                    row = 0;
                    column = 0;
                } else if (c == '\u001b') {
                    int end = i + 2;
                    while (Character.isDigit(output.charAt(end))) {
                        end++;
                    }
                    escape(output.charAt(end), output.substring(i + 2, end));
                    i = end;
                } else {
                    put(c);
                }
            }
        }

        /** One logical line: rows are parts of it, as a terminal that rewraps holds them. */
        private void put(char c) {
            int at = row * width + column;
            StringBuilder line = new StringBuilder(logical);
            while (line.length() <= at) {
                line.append(' ');
            }
            line.setCharAt(at, c);
            logical = line.toString();
            at++;
            row = at / width;
            column = at % width;
        }

        private void escape(char command, String number) {
            int at = row * width + column;
            switch (command) {
                case 'K' -> {
                    int end = Math.min(logical.length(), (row + 1) * width);
                    if (at < end) {
                        logical = logical.substring(0, at) + logical.substring(end);
                    }
                }
                case 'J' -> logical = logical.substring(0, Math.min(at, logical.length()));
                case 'A' -> row = Math.max(0, row - Integer.parseInt(number));
                default -> throw new IllegalArgumentException("escape " + command);
            }
        }

        List<String> rows() {
            int rows = Math.max(1, (TextWidth.columns(logical) + width - 1) / width);
            String line = logical;
            return IntStream.range(0, rows)
                    .mapToObj(at -> line.substring(
                            Math.min(line.length(), at * width), Math.min(line.length(), (at + 1) * width)))
                    .toList();
        }

        String text() {
            return text.toString();
        }
    }
}
