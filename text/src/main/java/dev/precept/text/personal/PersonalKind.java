package dev.precept.text.personal;

import java.util.Locale;

/** A kind of personal data. */
public enum PersonalKind {
    EMAIL,
    /** Of a person: not toll-free, and none of the numbers that are reserved for fiction. */
    PHONE,
    CARD,
    AWS_KEY,
    GITHUB_TOKEN,
    OPENAI_KEY,
    SLACK_TOKEN,
    STRIPE_KEY,
    GOOGLE_KEY,
    JWT,
    PRIVATE_KEY;

    /** As in records. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
