package dev.precept.dataset.balance;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.avro.generic.GenericRecord;

/** A column by whose values samples are put into cells. */
public enum CellField {
    /** A sample of several categories is in the cell of its rarest one. */
    CATEGORY,
    SOURCE,
    LICENSE,
    RESPONSE_STYLE,
    JUDGE_MIN,
    MODEL,
    RUN_ID,
    SPEC_VERSION;

    /** Stands for a missing value. */
    static final String NONE = "none";

    /** Its name in a recipe: that of the column. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<CellField> byLabel(String label) {
        return Arrays.stream(values())
                .filter(field -> field.label().equals(label))
                .findFirst();
    }

    /** The columns that are read. */
    List<String> columns() {
        return switch (this) {
            case CATEGORY, RESPONSE_STYLE, JUDGE_MIN, RUN_ID, SPEC_VERSION -> List.of(label());
            case SOURCE -> List.of("source.uri", "source.name");
            case LICENSE -> List.of("source.license");
            case MODEL -> List.of("generator.model");
        };
    }

    /** The values of a sample that has these columns; one, or any number of categories. */
    List<String> values(GenericRecord sample) {
        return switch (this) {
            case CATEGORY ->
                ((List<?>) sample.get(label())).stream().map(String::valueOf).toList();
            case SOURCE -> List.of(first(sample, "source", "name", "uri"));
            case LICENSE -> List.of(first(sample, "source", "license"));
            case MODEL -> List.of(first(sample, "generator", "model"));
            case RESPONSE_STYLE ->
                List.of(
                        sample.get(label()) == null
                                ? NONE
                                : sample.get(label()).toString().toLowerCase(Locale.ROOT));
            case JUDGE_MIN, RUN_ID, SPEC_VERSION -> List.of(String.valueOf(sample.get(label())));
        };
    }

    /** The first of some members that is set. */
    private static String first(GenericRecord sample, String column, String... members) {
        GenericRecord record = (GenericRecord) sample.get(column);
        for (String member : members) {
            if (record.get(member) != null) {
                return String.valueOf(record.get(member));
            }
        }
        return NONE;
    }
}
