package dev.precept.streams.neardup;

import dev.precept.text.Banding;
import dev.precept.text.Signature;
import dev.precept.text.Signer;
import java.util.HashMap;
import java.util.Map;

/** Signs texts. A signer is not thread-safe and has large buffers, so each stream thread keeps its own. */
public final class TextSigner {
    private static final ThreadLocal<Map<Banding, Signer>> SIGNERS = ThreadLocal.withInitial(HashMap::new);

    private TextSigner() {}

    /** @param threshold which the bands depend on */
    public static Signature sign(String text, double threshold) {
        return SIGNERS.get().computeIfAbsent(Banding.of(threshold), Signer::new).sign(text);
    }

    /** How texts are signed, such as {@code 1/18x7}: bands of another version cannot be compared with. */
    public static String version(double threshold) {
        Banding banding = Banding.of(threshold);
        return Signer.describe(banding);
    }
}
