package dev.precept.prompts;

import dev.precept.records.Prompt;
import dev.precept.records.UnusableLine;
import org.apache.avro.specific.SpecificRecord;

/** One row of a source: a usable prompt, or the reason why it is unusable. */
sealed interface ParsedRow {
    /** Key of the record. */
    String promptId();

    /** Body of the prompt event. */
    SpecificRecord body();

    /** Approximate size of the record. */
    int bytes();

    /** Slots that the row opens. */
    int slots();

    /** A prompt. */
    record Usable(Prompt body, int bytes) implements ParsedRow {
        @Override
        public String promptId() {
            return body.getPromptId();
        }

        @Override
        public int slots() {
            return body.getRunParameters().getSamples();
        }
    }

    /**
     * A row that makes no prompt.
     *
     * @param location file and line, for messages
     * @param unlabelled whether it is unusable only because it has no category
     */
    record Unusable(UnusableLine body, String location, boolean unlabelled) implements ParsedRow {
        @Override
        public String promptId() {
            return body.getPromptId();
        }

        @Override
        public int bytes() {
            return body.getDetail().length();
        }

        @Override
        public int slots() {
            return body.getSlots();
        }
    }
}
