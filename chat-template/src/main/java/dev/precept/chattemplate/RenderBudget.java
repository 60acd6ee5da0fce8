package dev.precept.chattemplate;

/** How much one rendering may do. What it counts bounds time and memory; there is no clock, so the outcome is always the same. */
final class RenderBudget {
    private static final long MOST_STEPS = 4_000_000;
    private static final long MOST_CHARACTERS = 16_000_000;
    private static final int CHARACTERS_A_STEP = 8;
    private static final int MOST_DEPTH = 250;

    private long left = MOST_STEPS;
    private int depth;

    void spend(long steps) {
        left -= steps;
        if (left < 0) {
            throw new RenderFailure("the template was cut off: it does not come to an end");
        }
    }

    /** To be asked before a text, or a list, of this length is made. */
    void expect(long length) {
        if (length > MOST_CHARACTERS) {
            throw new RenderFailure("the template was cut off: it makes a text of " + length + " characters");
        }
        spend(1 + length / CHARACTERS_A_STEP);
    }

    Value made(Value value) {
        if (value instanceof Value.Text(String text)) {
            expect(text.length());
        } else if (value instanceof Value.Sequence sequence) {
            spend(sequence.items().size());
        }
        return value;
    }

    void enter() {
        spend(1);
        if (++depth > MOST_DEPTH) {
            throw new RenderFailure("the template was cut off: it is nested too deeply");
        }
    }

    void leave() {
        depth--;
    }
}
