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
 * Names one asking of a model, whenever it is made: what repeats it repeats its seed and nonce, and the k votes on one
 * candidate are k different askings. No run id is in it, so a run made again asks the same.
 *
 * @param vote from 1; 0 for a generation
 * @param retry from 1; 0 for a generation
 */
public record CallKey(String slotId, int attempt, int tryNumber, String role, int vote, int retry) {
    private static final int SEED_HEX = 8;
    private static final int NONCE_HEX = 16;

    public static CallKey generation(SlotRef ref) {
        return new CallKey(SlotId.of(ref), ref.getAttempt(), ref.getTryNumber(), "generator", 0, 0);
    }

    static CallKey judgement(SlotRef ref, int vote, int ask) {
        return new CallKey(SlotId.of(ref), ref.getAttempt(), ref.getTryNumber(), "judge", vote, ask);
    }

    /** Which of the askings about one candidate this is; slot and attempt show in its seed. */
    public String variant() {
        return role + " " + vote + " " + retry;
    }

    private String text() {
        return String.join(
                "\n",
                slotId,
                String.valueOf(attempt),
                String.valueOf(tryNumber),
                role,
                String.valueOf(vote),
                String.valueOf(retry));
    }

    /** A seed every server takes: 31 bits, not negative. */
    public long seed() {
        return Long.parseLong(Sha256.hex(text()).substring(0, SEED_HEX), 16) & 0x7fff_ffffL;
    }

    /** What delimits foreign text in the request; nobody who wrote the text can know it. */
    public String nonce(byte[] secret) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            byte[] code = mac.doFinal(text().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(code).substring(0, NONCE_HEX);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new AssertionError("every Java platform has HmacSHA256", e);
        }
    }
}
