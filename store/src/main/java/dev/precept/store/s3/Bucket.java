package dev.precept.store.s3;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in a bucket, as {@code s3://bucket/prefix}.
 *
 * @param prefix of every key, without slashes at its ends; may be empty
 */
public record Bucket(String name, String prefix) {
    private static final Pattern URL = Pattern.compile("s3://([A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9])(/.*)?");
    private static final Pattern STEPS_ASIDE = Pattern.compile("(^|/)(\\.{0,2})(/|$)");

    /** Whether a text means a bucket at all. */
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
        if (!prefix.isEmpty() && STEPS_ASIDE.matcher(prefix).find()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not allowed; its prefix has an empty step, '.' or '..'");
        }
        return new Bucket(url.group(1), prefix);
    }

    /** The object that holds a key. */
    String objectKey(String key) {
        if (STEPS_ASIDE.matcher(key).find()) {
            throw new IllegalArgumentException("key '" + key + "' leads out of the store");
        }
        return keyPrefix() + key;
    }

    /** What every object's name begins with. */
    String keyPrefix() {
        return prefix.isEmpty() ? "" : prefix + "/";
    }

    @Override
    public String toString() {
        return "s3://" + name + (prefix.isEmpty() ? "" : "/" + prefix);
    }
}
