package dev.precept.store.s3;

import dev.precept.content.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;

/** A SHA-256, in the two encodings that a request needs. */
record Digest(String hex, String base64) {
    private static final int CHUNK = 1 << 16;

    static Digest compute(byte[] bytes) {
        return ofHash(Sha256.newDigest().digest(bytes));
    }

    static Digest compute(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return compute(in);
        }
    }

    static Digest compute(InputStream in) throws IOException {
        MessageDigest digest = Sha256.newDigest();
        byte[] chunk = new byte[CHUNK];
        for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
            digest.update(chunk, 0, read);
        }
        return ofHash(digest.digest());
    }

    private static Digest ofHash(byte[] hash) {
        return new Digest(HexFormat.of().formatHex(hash), Base64.getEncoder().encodeToString(hash));
    }
}
