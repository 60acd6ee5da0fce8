package dev.precept.judging;

import dev.precept.content.Sha256;
import dev.precept.records.SlotRef;
import dev.precept.schemas.SlotId;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Identifies one model call. A repeated call has the same key, and so the same seed and nonce; the votes on one candidate
 * have different keys and seeds, and one nonce: the text that a server has read for the first vote is the text of the others.
 * The key holds no run id, so a second run over the same prompts makes the same calls.
 *
 * @param vote from 1; 0 for a generation
 * @param retry number of the request for this vote, from 1; 0 for a generation
 */
public record CallKey(String slotId, int attempt, int tryNumber, String role, int vote, int retry) {
    private static final int SEED_HEX = 8;
    private static final int NONCE_HEX = 16;

    public static CallKey generation(SlotRef ref) {
        return new CallKey(SlotId.of(ref), ref.getAttempt(), ref.getTryNumber(), "generator", 0, 0);
    }

    static CallKey judgement(SlotRef ref, int vote, int retry) {
        return new CallKey(SlotId.of(ref), ref.getAttempt(), ref.getTryNumber(), "judge", vote, retry);
    }

    /** Distinguishes the calls about one candidate; slot and attempt are part of the seed. */
    String variant() {
        return role + " " + vote + " " + retry;
    }

    /** The votes on a candidate have the same messages; a generation is alone. */
    String series() {
        return vote == 0 ? "" : candidate();
    }

    /** The candidate, and the role: a generator must not know the nonce of the judge. */
    private String candidate() {
        return String.join("\n", slotId, String.valueOf(attempt), String.valueOf(tryNumber), role);
    }

    private String text() {
        return String.join("\n", candidate(), String.valueOf(vote), String.valueOf(retry));
    }

    /** A seed that every server accepts: 31 bits, not negative. */
    public long seed() {
        return Long.parseLong(Sha256.hex(text()).substring(0, SEED_HEX), 16) & 0x7fff_ffffL;
    }

    /** The nonce in the delimiters of untrusted text. The author of the text cannot predict it. */
    String nonce(byte[] secret) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            byte[] code = mac.doFinal(candidate().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(code).substring(0, NONCE_HEX);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new AssertionError("every Java platform has HmacSHA256", e);
        }
    }
}
