package dev.precept.prompts;

import dev.precept.records.Prompt;
import dev.precept.records.UnusableLine;
import org.apache.avro.specific.SpecificRecord;

/** One row of a source, read: a prompt that can be asked, or why it cannot. */
sealed interface ParsedRow {
    /** The key of its record. */
    String promptId();

    /** What a prompt event carries. */
    SpecificRecord body();

    /** About how large the record is. */
    int bytes();

    /** A prompt. */
    record Usable(Prompt body, int bytes) implements ParsedRow {
        @Override
        public String promptId() {
            return body.getPromptId();
        }
    }

    /**
     * A line that cannot be asked.
     *
     * @param location file and line, for people
     */
    record Unusable(UnusableLine body, String location) implements ParsedRow {
        @Override
        public String promptId() {
            return body.getPromptId();
        }

        @Override
        public int bytes() {
            return body.getDetail().length();
        }
    }
}
