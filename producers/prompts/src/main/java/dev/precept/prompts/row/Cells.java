package dev.precept.prompts.row;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Decodes the cells of formats whose cells hold bytes. */
public final class Cells {
    private Cells() {}

    /** Decodes UTF-8 strictly. */
    public static String text(byte[] utf8) throws UnusableRowException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw UnusableRowException.unreadable("not UTF-8 text");
        }
    }
}
