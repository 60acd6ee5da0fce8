package dev.precept.judging;

import java.util.Locale;

/** Why a reply is no vote. */
enum VoteFault {
    /** It has no text. */
    EMPTY,
    /** It holds no JSON object: prose, or broken JSON. */
    NO_OBJECT,
    /** It holds several votes. */
    SEVERAL_VOTES,
    /** A key occurs twice. */
    REPEATED_KEY,
    /** A member is missing. */
    MISSING_MEMBER,
    /** A score is no whole number from 0 to 10, such as {@code NaN}, {@code 8.5} or {@code "10/10"}. */
    NO_WHOLE_NUMBER,
    /** Another member has a value that it must not have. */
    WRONG_VALUE,
    /** It was cut at the token limit. */
    CUT,
    /** It calls a tool. */
    TOOL_CALL,
    /** It ended in another way than it should, such as by a filter. */
    OTHER_END,
    /** The server's response holds no completion. */
    MALFORMED,
    /** The server refused the request. */
    REFUSED,
    /** The request does not fit the model's context. */
    CONTEXT_TOO_LONG;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
