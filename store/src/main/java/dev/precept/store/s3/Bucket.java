package dev.precept.store.s3;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A bucket and a prefix, as {@code s3://bucket/prefix}.
 *
 * @param prefix of every key, without leading or trailing slash; may be empty
 */
public record Bucket(String name, String prefix) {
    private static final Pattern URL = Pattern.compile("s3://([A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9])(/.*)?");
    private static final Pattern DOT_SEGMENT = Pattern.compile("(^|/)(\\.{0,2})(/|$)");

    /** Whether a text is meant as a bucket URL, valid or not. */
    public static boolean isBucketUrl(String text) {
        return text.startsWith("s3:");
    }

    /** @throws IllegalArgumentException if the text is not {@code s3://bucket/prefix} */
    public static Bucket parse(String text) {
        Matcher url = URL.matcher(text);
        if (!url.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not allowed; give it as s3://bucket/prefix");
        }
        String path = url.group(2) == null ? "" : url.group(2);
        String prefix = path.replaceAll("^/|/$", "");
        if (!prefix.isEmpty() && DOT_SEGMENT.matcher(prefix).find()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not allowed; its prefix has an empty segment, '.' or '..'");
        }
        return new Bucket(url.group(1), prefix);
    }

    /** The S3 key of a store key. */
    String objectKey(String key) {
        if (DOT_SEGMENT.matcher(key).find()) {
            throw new IllegalArgumentException("key '" + key + "' is outside the store");
        }
        return keyPrefix() + key;
    }

    /** The prefix of every S3 key. */
    String keyPrefix() {
        return prefix.isEmpty() ? "" : prefix + "/";
    }

    @Override
    public String toString() {
        return "s3://" + name + (prefix.isEmpty() ? "" : "/" + prefix);
    }
}
