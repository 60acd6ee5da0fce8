package dev.precept.schemas;

import dev.precept.records.PromptEvent;
import org.apache.avro.util.ClassSecurityValidator;

/**
 * Adds the record classes to those that Avro may instantiate. Avro reads its system property only once, when its first
 * class is loaded, so a later change of the property would have no effect.
 */
public final class TrustedRecords {
    private static final String PACKAGE = PromptEvent.class.getPackageName();

    static {
        ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(
                ClassSecurityValidator.getGlobal(),
                type -> type.getPackageName().equals(PACKAGE)));
    }

    private TrustedRecords() {}

    /** Idempotent. */
    public static void trust() {}
}
