package dev.precept.judging.screen;

import java.util.Locale;

/** Pieces of a generation request that must not be in a completion. */
enum LeakKind {
    /** The code in the delimiters of this request. */
    NONCE,
    /** A delimiter, or the line that begins a turn, with any code. */
    DELIMITER,
    /** A sentence of a prompt template, also of an earlier version, or eight consecutive words of one. */
    TEMPLATE_TEXT,
    /** A control token of a chat template. */
    CONTROL_TOKEN,
    /** A control token of the prompt in the form that it has in a request only. */
    REWRITTEN_TOKEN,
    /** The id of a clause in an answer: reasoning cites clauses, answers do not. */
    CLAUSE_ID,
    /** A long run of consecutive words of the specification excerpt. */
    EXCERPT_COPY,
    /** A place of a template that was not filled, such as <code>{{policies}}</code>. */
    PLACEHOLDER,
    /** Words for a text that was handed in: "the policies provided", "the excerpt stops here". */
    HANDED_IN,
    /** A text is said to be the user's, and the user gave none. */
    USER_GAVE,
    /** Orders of the request: "the instructions say", and an answer that speaks of "the user's request". */
    TASK,
    /** Remarks on an earlier attempt, or a judge. */
    REVIEW,
    /** Eight consecutive words of a judge, in a completion that repairs an attempt. */
    JUDGE_WORDS,
    /** The number of a section of the policies, in an answer. */
    POLICY_NUMBER,
    /** An answer that speaks of the policy that it complies with, or of its own style. */
    ANALYSIS;

    /** As in records. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
