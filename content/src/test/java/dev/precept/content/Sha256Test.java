package dev.precept.content;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Sha256Test {
    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @Test
    void textsBytesFilesAndDigestsGiveTheSameHash(@TempDir Path folder) throws IOException {
        MessageDigest digest = Sha256.newDigest();
        digest.update((byte) 'a');
        digest.update((byte) 'b');
        digest.update((byte) 'c');

        assertThat(Sha256.hex("abc")).isEqualTo(ABC);
        assertThat(Sha256.hex("abc".getBytes(StandardCharsets.US_ASCII))).isEqualTo(ABC);
        assertThat(Sha256.hex(Files.writeString(folder.resolve("abc"), "abc"))).isEqualTo(ABC);
        assertThat(Sha256.hex(digest)).isEqualTo(ABC);
    }

    @Test
    void aTextIsHashedAsUtf8() {
        assertThat(Sha256.hex("\u00e9")).isEqualTo(Sha256.hex(new byte[] {(byte) 0xC3, (byte) 0xA9}));
    }

    @Test
    void aFileLargerThanAChunkIsHashedWhole(@TempDir Path folder) throws IOException {
        byte[] bytes = new byte[200_001];
        bytes[200_000] = 1;

        assertThat(Sha256.hex(Files.write(folder.resolve("large"), bytes))).isEqualTo(Sha256.hex(bytes));
    }

    @Test
    void aCompletedDigestStartsAgain() {
        MessageDigest digest = Sha256.newDigest();
        digest.update((byte) 1);
        Sha256.hex(digest);

        assertThat(Sha256.hex(digest)).isEqualTo(Sha256.hex(""));
    }
}
