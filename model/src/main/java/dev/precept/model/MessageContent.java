package dev.precept.model;

import java.util.List;

/**
 * What a message says, in pieces that are read one after the other; a {@link PreEncodedText} among them is not copied for each
 * message. Two are the same only if their pieces are; {@link #toString()} is what counts.
 */
public record MessageContent(List<CharSequence> pieces) {
    public MessageContent {
        pieces = List.copyOf(pieces);
        for (CharSequence piece : pieces) {
            if (piece instanceof String own && !UntrustedText.isWellFormed(own)) {
                throw new IllegalArgumentException("a message holds half of a surrogate pair");
            }
        }
    }

    public static MessageContent of(CharSequence... pieces) {
        return new MessageContent(List.of(pieces));
    }

    /** All of it, as one text. */
    @Override
    public String toString() {
        return String.join("", pieces);
    }
}
