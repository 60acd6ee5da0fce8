package dev.precept.model.openai;

import dev.precept.model.ReplyListener;
import dev.precept.model.ReplyListener.Part;

/** Tells apart, piece by piece, what {@link ThinkTags} splits once a content is whole. For one thread at a time. */
final class ThinkTagPieces {
    private static final String OPENING = "<think>";
    private static final String CLOSING = "</think>";

    private final ReplyListener listener;
    private boolean begun;
    private boolean thinks;
    /** What may belong to a tag that has not arrived whole. */
    private String held = "";

    ThinkTagPieces(ReplyListener listener) {
        this.listener = listener;
    }

    void add(String text) {
        held += text;
        if (!begun) {
            String start = held.stripLeading();
            if (start.length() < OPENING.length() && OPENING.startsWith(start)) {
                return;
            }
            begun = true;
            thinks = start.startsWith(OPENING);
            held = thinks ? start.substring(OPENING.length()) : start;
        }
        if (thinks) {
            int closing = held.indexOf(CLOSING);
            if (closing < 0) {
                tell(Part.REASONING, held.length() - beginningOfClosing());
                return;
            }
            tell(Part.REASONING, closing);
            held = held.substring(CLOSING.length());
            thinks = false;
        }
        tell(Part.ANSWER, held.length());
    }

    /** Characters at the end that may be the beginning of the closing tag. */
    private int beginningOfClosing() {
        int length = Math.min(held.length(), CLOSING.length() - 1);
        while (!CLOSING.startsWith(held.substring(held.length() - length))) {
            length--;
        }
        return length;
    }

    private void tell(Part part, int characters) {
        if (characters > 0) {
            listener.onPiece(part, held.substring(0, characters));
        }
        held = held.substring(characters);
    }
}
