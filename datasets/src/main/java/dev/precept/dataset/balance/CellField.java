package dev.precept.dataset.balance;

import dev.precept.records.Sample;
import dev.precept.records.Source;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** A column by whose values samples are put into cells. */
public enum CellField {
    /** A sample of several categories is in the cell of its rarest one. */
    CATEGORY(List.of("category"), Sample::getCategory),
    SOURCE(List.of("source.uri", "source.name"), sample -> List.of(sourceOf(sample.getSource()))),
    LICENSE(
            List.of("source.license"),
            sample ->
                    List.of(Optional.ofNullable(sample.getSource().getLicense()).orElse("not stated"))),
    RESPONSE_STYLE(
            List.of("response_style"),
            sample -> List.of(String.valueOf(sample.getResponseStyle()).toLowerCase(Locale.ROOT))),
    JUDGE_MIN(List.of("judge_min"), sample -> List.of(String.valueOf(sample.getJudgeMin()))),
    MODEL(List.of("generator.model"), sample -> List.of(sample.getGenerator().getModel())),
    RUN_ID(List.of("run_id"), sample -> List.of(sample.getRunId())),
    SPEC_VERSION(List.of("spec_version"), sample -> List.of(sample.getSpecVersion()));

    private final List<String> columns;
    private final Function<Sample, List<String>> values;

    CellField(List<String> columns, Function<Sample, List<String>> values) {
        this.columns = columns;
        this.values = values;
    }

    private static String sourceOf(Source source) {
        return Optional.ofNullable(source.getName()).orElse(source.getUri());
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
    public List<String> values(Sample sample) {
        return values.apply(sample);
    }
}
