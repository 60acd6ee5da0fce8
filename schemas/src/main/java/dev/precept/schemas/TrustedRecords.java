package dev.precept.schemas;

import dev.precept.records.PromptEvent;
import org.apache.avro.util.ClassSecurityValidator;

/**
 * Avro instantiates only classes it was told to trust. Its system property is read once, by whatever loads Avro first, so
 * the records are added to what is trusted at that moment instead.
 */
public final class TrustedRecords {
    private static final String PACKAGE = PromptEvent.class.getPackageName();

    static {
        ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(
                ClassSecurityValidator.getGlobal(),
                type -> type.getPackageName().equals(PACKAGE)));
    }

    private TrustedRecords() {}

    /** Has its effect once, however often it is called. */
    public static void trust() {}
}
