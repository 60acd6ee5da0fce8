package dev.precept.cli.command;

import dev.precept.config.NearDuplicateSettings;
import dev.precept.config.NearDuplicateSettings.Policy;
import dev.precept.text.Banding;
import dev.precept.text.RecallCurve;
import java.util.Locale;

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
        return "from " + settings.threshold() + " on; prompts: " + name(settings.prompts()) + ", samples: "
                + name(settings.samples()) + "\n" + RecallCurve.text(banding) + "\n" + banding.bands() + " bands of "
                + banding.rows() + " values; what is found is verified" + shards;
    }

    private static String name(Policy policy) {
        return policy.name().toLowerCase(Locale.ROOT);
    }
}
