package dev.precept.dataset.release;

import dev.precept.content.Sha256;
import dev.precept.dataset.view.Split;

/**
 * Assigns a prompt to a split. The split depends only on the prompt id and the share: all samples of a prompt are in one split,
 * in every version of every dataset, and a larger share moves prompts only from training to validation.
 *
 * @param validation share of the prompts in the validation split, in [0, 1)
 */
public record SplitAssigner(double validation) {
    private static final int HEX_DIGITS = 13; // 52 bits, which a double holds exactly

    public Split splitOf(String promptId) {
        return splitAt(position(promptId));
    }

    Split splitAt(double position) {
        return position < validation ? Split.VALIDATION : Split.TRAIN;
    }

    /** Where a prompt is among all prompts, in [0, 1). */
    static double position(String promptId) {
        String hash = Sha256.hex("split\n" + promptId);
        return Long.parseLong(hash.substring(0, HEX_DIGITS), 16) * 0x1p-52;
    }
}
