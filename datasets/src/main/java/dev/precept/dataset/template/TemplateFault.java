package dev.precept.dataset.template;

/** What a template does wrong with a row. */
record TemplateFault(Kind kind, String detail) {
    enum Kind {
        DROPPED("reasoning lost", "drops the reasoning"),
        DOUBLED("reasoning twice", "writes the reasoning more than once"),
        EMPTY_THOUGHT("empty thought added", "adds an empty thought to the reasoning"),
        SECOND_TAGS("second pair of thought tags", "puts a second pair of thought tags around the reasoning"),
        ANSWER_LOST("answer lost", "drops the answer"),
        ANSWER_DOUBLED("answer twice", "writes the answer more than once"),
        CUT("text cut or changed", "cuts or changes the text"),
        TURN_LOST("turn lost", "drops a turn of the prompt"),
        CALL_LOST("tool call lost", "drops a tool call"),
        TOOLS_LOST("tools lost", "does not show the tools"),
        VISIBLE(
                "reasoning in the visible answer",
                "has a channel of its own for the reasoning, and would write this one into the visible answer"),
        LOSS_MOVED(
                "first words untrained",
                "writes the prompt alone in another way, so a loss without the prompt misses words of the completion"),
        NOT_RENDERED("", "cannot be applied");

        private final String summary;
        private final String description;

        Kind(String summary, String description) {
            this.summary = summary;
            this.description = description;
        }
    }

    static TemplateFault of(Kind kind) {
        return new TemplateFault(kind, "");
    }

    /** Some words for a table. */
    String summary() {
        return kind.summary.isEmpty() || kind == Kind.CUT
                ? detail
                : detail.isEmpty() ? kind.summary : kind.summary + ", " + detail;
    }

    /** A sentence without its subject, the template. */
    String description() {
        return detail.isEmpty() ? kind.description : kind.description + " (" + detail + ")";
    }
}
