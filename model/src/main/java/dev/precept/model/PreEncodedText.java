package dev.precept.model;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.precept.content.Sha256;

/**
 * Text that many requests share, with its JSON encoding, so that thousands of calls in flight hold one copy. Immutable.
 */
public final class PreEncodedText implements CharSequence {
    private final String text;
    private final byte[] json;
    private final String sha256;

    public PreEncodedText(String text) {
        if (!UntrustedText.isWellFormed(text)) {
            throw new IllegalArgumentException("a shared text has an unpaired surrogate");
        }
        this.text = text;
        this.json = JsonStringEncoder.getInstance().quoteAsUTF8(text);
        this.sha256 = Sha256.hex(text);
    }

    /** The SHA-256 of the text in UTF-8, in hexadecimal digits. */
    public String sha256() {
        return sha256;
    }

    /** The text as the inside of a JSON string, in UTF-8. The caller must not change the array. */
    public byte[] json() {
        return json;
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public char charAt(int index) {
        return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.subSequence(start, end);
    }

    @Override
    public String toString() {
        return text;
    }
}
