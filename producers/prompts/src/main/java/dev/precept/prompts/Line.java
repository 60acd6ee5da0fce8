package dev.precept.prompts;

import dev.precept.records.Prompt;
import dev.precept.records.UnusableLine;
import org.apache.avro.specific.SpecificRecord;

/** One row of a source, read: a prompt that can be asked, or why it cannot. */
sealed interface Line {
    /** The key of its record. */
    String promptId();

    /** What a prompt event carries. */
    SpecificRecord body();

    /** About how large the record is. */
    int bytes();

    /** A prompt. */
    record Asked(Prompt body, int bytes) implements Line {
        @Override
        public String promptId() {
            return body.getPromptId();
        }
    }

    /**
     * A line that cannot be asked.
     *
     * @param place file and line, for people
     */
    record Unusable(UnusableLine body, String place) implements Line {
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
