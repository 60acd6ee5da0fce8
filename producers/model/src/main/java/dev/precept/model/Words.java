package dev.precept.model;

import java.util.List;

/**
 * What a message says, in pieces that are read one after the other; a {@link SharedText} among them is not copied for each
 * message. Two are the same only if their pieces are; {@link #toString()} is what counts.
 */
public record Words(List<CharSequence> pieces) {
    public Words {
        pieces = List.copyOf(pieces);
        for (CharSequence piece : pieces) {
            if (piece instanceof String own && !ForeignText.isWellFormed(own)) {
                throw new IllegalArgumentException("a message holds half of a surrogate pair");
            }
        }
    }

    public static Words of(CharSequence... pieces) {
        return new Words(List.of(pieces));
    }

    /** All of it, as one text. */
    @Override
    public String toString() {
        return String.join("", pieces);
    }
}
