package dev.precept.model;

import java.util.List;

/**
 * The content of a message as a sequence of pieces. A {@link PreEncodedText} among them is shared and not copied. Equal
 * only if the pieces are equal; compare {@link #toString()} for the text.
 */
public record MessageContent(List<CharSequence> pieces) {
    public MessageContent {
        pieces = List.copyOf(pieces);
        for (CharSequence piece : pieces) {
            if (piece instanceof String string && !UntrustedText.isWellFormed(string)) {
                throw new IllegalArgumentException("a message has an unpaired surrogate");
            }
        }
    }

    public static MessageContent of(CharSequence... pieces) {
        return new MessageContent(List.of(pieces));
    }

    /** The whole text. */
    @Override
    public String toString() {
        return String.join("", pieces);
    }
}
