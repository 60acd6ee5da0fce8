package dev.precept.dataset.release;

import dev.precept.content.Sha256;
import dev.precept.dataset.view.Split;
import java.util.List;

/**
 * On which side a prompt is. A function of the prompt's id alone: all that was made of a prompt is on one side, in every
 * version of every dataset, and a larger share only moves prompts to validation, never back.
 *
 * @param validation the share of prompts, from 0, below 1
 */
public record SplitAssigner(double validation) {
    private static final int HEX_DIGITS = 13; // 52 bits, which a double holds exactly

    public Split splitOf(String promptId) {
        String hash = Sha256.hex("split\n" + promptId);
        double place = Long.parseLong(hash.substring(0, HEX_DIGITS), 16) * 0x1p-52;
        return place < validation ? Split.VALIDATION : Split.TRAIN;
    }

    /** The sides that have files. */
    List<Split> used() {
        return validation > 0 ? List.of(Split.TRAIN, Split.VALIDATION) : List.of(Split.TRAIN);
    }
}
