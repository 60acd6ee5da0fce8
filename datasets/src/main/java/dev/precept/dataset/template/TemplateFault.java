package dev.precept.dataset.template;

/** What a template does wrong with a row. */
record TemplateFault(Kind kind, String detail) {
    enum Kind {
        DROPPED("drops the reasoning"),
        DOUBLED("writes the reasoning more than once"),
        EMPTY_THOUGHT("adds an empty thought to the reasoning"),
        SECOND_TAGS("puts a second pair of thought tags around the reasoning"),
        ANSWER_LOST("drops the answer"),
        ANSWER_DOUBLED("writes the answer more than once"),
        CUT("cuts or changes the text"),
        TURN_LOST("drops a turn of the prompt"),
        CALL_LOST("drops a tool call"),
        TOOLS_LOST("does not show the tools"),
        VISIBLE("has a channel of its own for the reasoning, and would write this one into the visible answer"),
        LOSS_MOVED(
                "writes the prompt alone in another way, so a loss without the prompt misses words of the completion"),
        NOT_RENDERED("cannot be applied");

        private final String description;

        Kind(String description) {
            this.description = description;
        }
    }

    static TemplateFault of(Kind kind) {
        return new TemplateFault(kind, "");
    }

    /** A sentence without its subject, the template. */
    String description() {
        return detail.isEmpty() ? kind.description : kind.description + " (" + detail + ")";
    }
}
