package dev.precept.model;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/**
 * Words that stand in many requests at once, held once, with the bytes they are on the wire: thousands of calls in flight
 * share them. Immutable.
 */
public final class PreEncodedText implements CharSequence {
    private final String text;
    private final byte[] json;

    public PreEncodedText(String text) {
        if (!UntrustedText.isWellFormed(text)) {
            throw new IllegalArgumentException("a shared text holds half of a surrogate pair");
        }
        this.text = text;
        this.json = JsonStringEncoder.getInstance().quoteAsUTF8(text);
    }

    /** The words as they are between the quotes of a JSON string, in UTF-8. Not to be changed. */
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
