package dev.precept.cli.command;

import dev.precept.config.NearDuplicateSettings;
import dev.precept.config.NearDuplicateSettings.Policy;
import dev.precept.text.Banding;
import dev.precept.text.RecallCurve;

/** What a run does about near-duplicates, as {@code doctor} prints it: at most 56 columns. */
final class NearDuplicateText {
    private NearDuplicateText() {}

    static String of(NearDuplicateSettings settings) {
        if (settings.prompts() == Policy.OFF && settings.samples() == Policy.OFF) {
            return "not searched";
        }
        Banding banding = Banding.of(settings.threshold());
        String shards = settings.shards() == 1
                ? ""
                : "\n" + settings.shards() + " shards: may miss pairs that arrive at the same time";
        return "prompts: " + settings.prompts().label() + ", samples: "
                + settings.samples().label() + "; similar from " + settings.threshold() + " on\n"
                + RecallCurve.text(banding) + "\n" + banding.bands() + " bands of " + banding.rows()
                + " values; what is found is verified" + shards;
    }
}
