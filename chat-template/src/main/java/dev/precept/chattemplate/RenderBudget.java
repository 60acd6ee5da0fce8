package dev.precept.chattemplate;

/** Bounds the time and memory of one rendering by counting steps, so that the outcome does not depend on the machine. */
final class RenderBudget {
    private static final long MAX_STEPS = 4_000_000;
    private static final long MAX_CHARACTERS = 16_000_000;
    private static final int CHARACTERS_PER_STEP = 8;
    private static final int MAX_DEPTH = 250;

    private long stepsLeft = MAX_STEPS;
    private int depth;

    void spend(long steps) {
        stepsLeft -= steps;
        if (stepsLeft < 0) {
            throw new RenderFailure("step limit exceeded: the template may not terminate");
        }
    }

    /** Called before a string of this length is created. */
    void reserve(long length) {
        if (length > MAX_CHARACTERS) {
            throw new RenderFailure("size limit exceeded: a string of " + length + " characters");
        }
        spend(1 + length / CHARACTERS_PER_STEP);
    }

    Value charge(Value value) {
        if (value instanceof Value.Text(String text)) {
            reserve(text.length());
        } else if (value instanceof Value.Sequence sequence) {
            spend(sequence.items().size());
        }
        return value;
    }

    void enter() {
        spend(1);
        if (++depth > MAX_DEPTH) {
            throw new RenderFailure("depth limit exceeded: the template is nested too deeply");
        }
    }

    void leave() {
        depth--;
    }
}
