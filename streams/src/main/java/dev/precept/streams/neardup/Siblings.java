package dev.precept.streams.neardup;

import dev.precept.records.SignedDocument;

/** Which texts are never compared, because it is right that they are alike. */
public enum Siblings {
    /** Texts of one prompt, in whatever run: a run that makes samples again has the same prompts. */
    SAME_PROMPT,
    /** Texts of one prompt in different runs: of these, a release decides which it keeps. */
    SAME_PROMPT_OF_OTHER_RUNS;

    boolean are(SignedDocument one, SignedDocument other) {
        boolean samePrompt = one.getPromptId().equals(other.getPromptId());
        boolean sameRun = one.getRunId().equals(other.getRunId());
        return switch (this) {
            case SAME_PROMPT -> samePrompt;
            case SAME_PROMPT_OF_OTHER_RUNS ->
                samePrompt && (!sameRun || one.getId().equals(other.getId()));
        };
    }
}
