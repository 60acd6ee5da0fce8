package dev.precept.dataset.template;

/** What a template does to a row that it must not do. */
record TemplateFault(Kind kind, String detail) {
    enum Kind {
        DROPPED("drops the reasoning"),
        DOUBLED("writes the reasoning more than once"),
        EMPTY_THOUGHT("puts an empty thought beside the reasoning"),
        SECOND_TAGS("puts a second pair of thought tags around the reasoning"),
        ANSWER_LOST("drops the answer"),
        ANSWER_DOUBLED("writes the answer more than once"),
        CUT("cuts or changes the text"),
        NOT_RENDERED("cannot be applied");

        private final String does;

        Kind(String does) {
            this.does = does;
        }
    }

    static TemplateFault of(Kind kind) {
        return new TemplateFault(kind, "");
    }

    /** What the template does, as a sentence without its subject. */
    String description() {
        return detail.isEmpty() ? kind.does : kind.does + " (" + detail + ")";
    }
}
