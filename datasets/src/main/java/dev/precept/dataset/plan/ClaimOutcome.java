package dev.precept.dataset.plan;

import dev.precept.dataset.Manifest;

/** How a claim ended. It never changes. */
public sealed interface ClaimOutcome {
    /** The version exists; its manifest is stored, or will be by the next process that sees this outcome. */
    record Released(Manifest manifest) implements ClaimOutcome {}

    /** The version will never be made by this claim, and the name may be claimed again. */
    record Abandoned(String why) implements ClaimOutcome {}
}
