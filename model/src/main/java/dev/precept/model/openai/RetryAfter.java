package dev.precept.model.openai;

import dev.precept.model.Backoff;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Parses the Retry-After header of RFC 9110 section 10.2.3: seconds, or an HTTP date. */
final class RetryAfter {
    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?");

    private RetryAfter() {}

    /**
     * The delay from {@code now}, zero for a date in the past; null if the header is neither. At most {@link
     * Backoff#MAX_RETRY_AFTER}, because some servers announce a day and are back after a minute.
     */
    static @Nullable Duration parse(String header, Instant now) {
        String value = header.strip();
        if (SECONDS.matcher(value).matches()) {
            return capped(
                    Duration.ofMillis(new BigDecimal(value).movePointRight(3).longValue()));
        }
        try {
            Instant moment = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return moment.isAfter(now) ? capped(Duration.between(now, moment)) : Duration.ZERO;
        } catch (DateTimeParseException neither) {
            return null;
        }
    }

    private static Duration capped(Duration requested) {
        return requested.compareTo(Backoff.MAX_RETRY_AFTER) > 0 ? Backoff.MAX_RETRY_AFTER : requested;
    }
}
