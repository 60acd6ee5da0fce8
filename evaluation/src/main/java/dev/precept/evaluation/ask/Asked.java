package dev.precept.evaluation.ask;

/** What became of a question. */
public sealed interface Asked {
    /** The model, or a filter in its place, has answered. It is not asked again. */
    record Answered(Answer answer) implements Asked {}

    /** There is no answer, and the question stays open: a failed call is not a wrong answer. */
    record Open(Why why, String detail) implements Asked {}

    /** Why a question is open. */
    enum Why {
        /** The calls failed while the server answered others, or its replies could not be read. */
        FAILED,
        /** The server refused the request, and would refuse it again. */
        REFUSED,
        /** The budget is spent. */
        OVER_BUDGET
    }
}
