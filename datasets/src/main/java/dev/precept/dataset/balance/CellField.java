package dev.precept.dataset.balance;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.apache.avro.generic.GenericRecord;

/** A column by whose values samples are put into cells. */
public enum CellField {
    /** A sample of several categories is in the cell of its rarest one. */
    CATEGORY(List.of("category"), row -> texts(row, "category")),
    SOURCE(List.of("source.uri", "source.name"), row -> List.of(first(row, "source", "name", "uri"))),
    LICENSE(List.of("source.license"), row -> List.of(first(row, "source", "license"))),
    RESPONSE_STYLE(
            List.of("response_style"),
            row -> List.of(String.valueOf(row.get("response_style")).toLowerCase(Locale.ROOT))),
    JUDGE_MIN(List.of("judge_min"), row -> List.of(String.valueOf(row.get("judge_min")))),
    MODEL(List.of("generator.model"), row -> List.of(first(row, "generator", "model"))),
    RUN_ID(List.of("run_id"), row -> List.of(String.valueOf(row.get("run_id")))),
    SPEC_VERSION(List.of("spec_version"), row -> List.of(String.valueOf(row.get("spec_version"))));

    /** Stands for a missing value. */
    static final String NONE = "none";

    private final List<String> columns;
    private final Function<GenericRecord, List<String>> values;

    CellField(List<String> columns, Function<GenericRecord, List<String>> values) {
        this.columns = columns;
        this.values = values;
    }

    private static List<String> texts(GenericRecord row, String column) {
        return ((List<?>) row.get(column)).stream().map(String::valueOf).toList();
    }

    /** The first of some members that is set. */
    private static String first(GenericRecord row, String column, String... members) {
        GenericRecord record = (GenericRecord) row.get(column);
        for (String member : members) {
            if (record.get(member) != null) {
                return String.valueOf(record.get(member));
            }
        }
        return NONE;
    }

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
    public List<String> columns() {
        return columns;
    }

    /** The values of a sample that has these columns; one, or any number of categories. */
    List<String> values(GenericRecord sample) {
        return values.apply(sample);
    }
}
