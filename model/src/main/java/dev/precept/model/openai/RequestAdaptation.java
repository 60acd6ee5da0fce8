package dev.precept.model.openai;

import dev.precept.model.ChatRequest;
import dev.precept.model.openai.RequestEncoding.ResponseFormat;
import dev.precept.model.openai.RequestEncoding.TokenLimitField;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Derives an encoding that a server may accept from its refusal of a field. A refused value of a limit or a sampling
 * parameter changes nothing: leaving it out would hide a wrong setting. Pure functions.
 */
final class RequestAdaptation {
    private static final Pattern UNSUPPORTED = Pattern.compile("unsupported|not support|n't support|no support"
            + "|unknown|unrecogni[sz]ed|unexpected|extra_forbidden|extra inputs|not permitted|not allowed|forbidden"
            + "|not available|unavailable|not implemented|not accept|no field|takes no|not take|no such (field|param)"
            + "|additional propert|deprecated|knows no|only the default|not offered|not enabled|not provided");
    /** No value of a seed is worth a refusal, and the same for the options of a stream. */
    private static final Pattern UNSUPPORTED_OR_INVALID =
            Pattern.compile(UNSUPPORTED.pattern() + "|must|invalid|value|range|integer");

    private static final Pattern STREAM_ONLY = Pattern.compile("stream(ing)?( mode)? only|only supports? stream"
            + "|only stream|as a stream|enable (the )?stream|non-streaming|without stream|requires? stream"
            + "|stream(ing)? (is required|must be)|set stream");
    private static final String STREAM = "stream";
    private static final Pattern STREAMING = Pattern.compile("\\bstreaming\\b");
    private static final Pattern BOUNDS = Pattern.compile("\\b(minimum|maximum)\\b");
    private static final Pattern FORMAT =
            Pattern.compile("response_format|json_schema|json_object|structured.outputs?|guided|schema");

    /** Of a server, or of a chat template that raises an error, for a system message. */
    private static final Pattern SYSTEM_ROLE =
            Pattern.compile("\\b(system|developer)\\b.{0,40}\\b(role|message|prompt|instruction)s?\\b"
                    + "|\\broles?\\b.{0,60}\\b(system|developer)\\b");

    private static final Pattern ONLY_OTHER_ROLES =
            Pattern.compile("^[^:]*conversation roles must alternate|only user and assistant|should be 'user'");

    private RequestAdaptation() {}

    /**
     * The next encoding to try; empty if the refusal names no field that could be sent otherwise.
     *
     * @param sent of the refused request
     */
    static Optional<RequestEncoding> after(Refusal refusal, RequestEncoding sent, ChatRequest request) {
        if (refusal.isTooLong()) {
            return Optional.empty();
        }
        ErrorDetail detail = refusal.detail();
        String text = detail.text().toLowerCase(Locale.ROOT);
        if (!sent.stream() && STREAM_ONLY.matcher(text).find()) {
            return Optional.of(sent.streamed());
        }
        if (sent.stream()
                && isUnsupported(text)
                && (names(detail, text, STREAM) || STREAMING.matcher(text).find())) {
            return Optional.of(sent.whole());
        }
        return tokenLimit(detail, text, sent)
                .or(() -> omission(detail, text, sent, request))
                .or(() -> mergedSystem(detail, text, sent, request))
                .or(() -> request.schema() == null || !FORMAT.matcher(text).find()
                        ? Optional.empty()
                        : weakerFormat(sent, text));
    }

    private static boolean isUnsupported(String text) {
        return UNSUPPORTED.matcher(text).find();
    }

    /** A limit is never dropped, only renamed: without one, a call has no upper price. */
    private static Optional<RequestEncoding> tokenLimit(ErrorDetail detail, String text, RequestEncoding sent) {
        if (!isUnsupported(text)) {
            return Optional.empty();
        }
        return switch (sent.tokenLimitField()) {
            case MAX_TOKENS ->
                names(detail, text, "max_tokens")
                        ? Optional.of(sent.with(TokenLimitField.MAX_COMPLETION_TOKENS))
                        : Optional.empty();
            case MAX_COMPLETION_TOKENS ->
                names(detail, text, "max_completion_tokens")
                        ? Optional.of(sent.with(TokenLimitField.MAX_TOKENS))
                        : Optional.empty();
            case NONE -> Optional.empty();
        };
    }

    private static Optional<RequestEncoding> omission(
            ErrorDetail detail, String text, RequestEncoding sent, ChatRequest request) {
        for (String field : List.of(
                RequestEncoding.SEED,
                RequestEncoding.TEMPERATURE,
                RequestEncoding.TOP_P,
                RequestEncoding.STREAM_OPTIONS)) {
            boolean isSent = sent.sends(field)
                    && switch (field) {
                        case RequestEncoding.TEMPERATURE -> request.sampling().temperature() != null;
                        case RequestEncoding.TOP_P -> request.sampling().topP() != null;
                        case RequestEncoding.STREAM_OPTIONS -> sent.stream();
                        default -> true;
                    };
            boolean samples = field.equals(RequestEncoding.TEMPERATURE) || field.equals(RequestEncoding.TOP_P);
            boolean blamed = samples
                    ? isUnsupported(text)
                    : UNSUPPORTED_OR_INVALID.matcher(text).find();
            if (isSent && blamed && names(detail, text, field)) {
                return Optional.of(sent.without(field));
            }
        }
        return Optional.empty();
    }

    /** The text stays the same, and so does its beginning, which requests share. */
    private static Optional<RequestEncoding> mergedSystem(
            ErrorDetail detail, String text, RequestEncoding sent, ChatRequest request) {
        boolean isOther = detail.fields().stream().anyMatch(RequestAdaptation::isAdaptable);
        boolean refused = ONLY_OTHER_ROLES.matcher(text).find()
                || (isUnsupported(text) && SYSTEM_ROLE.matcher(text).find());
        return RequestBody.canMerge(request) && !sent.mergesSystem() && !isOther && refused
                ? Optional.of(sent.merged())
                : Optional.empty();
    }

    /** The next weaker way to ask for JSON. */
    static Optional<RequestEncoding> weakerFormat(RequestEncoding sent, String text) {
        return switch (sent.responseFormat()) {
            case JSON_SCHEMA ->
                Optional.of(sent.with(
                        BOUNDS.matcher(text).find()
                                ? ResponseFormat.JSON_SCHEMA_WITHOUT_BOUNDS
                                : ResponseFormat.JSON_OBJECT));
            case JSON_SCHEMA_WITHOUT_BOUNDS -> Optional.of(sent.with(ResponseFormat.JSON_OBJECT));
            case JSON_OBJECT -> Optional.of(sent.with(ResponseFormat.NONE));
            case NONE -> Optional.empty();
        };
    }

    /** Whether the error points at a field; where its structure points at one, a name in the text does not count. */
    private static boolean names(ErrorDetail detail, String text, String field) {
        boolean structured = detail.fields().stream().anyMatch(RequestAdaptation::isAdaptable);
        return structured
                ? detail.fields().contains(field)
                : Pattern.compile("(?<![\\w-])" + field + "(?![\\w-])")
                        .matcher(text)
                        .find();
    }

    private static boolean isAdaptable(String field) {
        return RequestEncoding.OPTIONAL_FIELDS.contains(field)
                || field.equals(STREAM)
                || field.equals("max_tokens")
                || field.equals("max_completion_tokens")
                || field.equals("response_format");
    }
}
