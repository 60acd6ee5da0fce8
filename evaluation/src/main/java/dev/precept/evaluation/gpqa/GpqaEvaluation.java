package dev.precept.evaluation.gpqa;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.evaluation.SourceTable;
import dev.precept.evaluation.ask.Answer;
import dev.precept.evaluation.ask.Asked;
import dev.precept.evaluation.ask.AskedModel;
import dev.precept.evaluation.ask.Workload;
import dev.precept.evaluation.result.AnswerFile;
import dev.precept.evaluation.result.Interval;
import dev.precept.evaluation.result.ModelJson;
import dev.precept.evaluation.result.ResultFolder;
import dev.precept.evaluation.result.Unfinished;
import dev.precept.judging.EndpointSettings;
import dev.precept.model.ChatMessage;
import dev.precept.model.TokenUsage;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** The suite {@code gpqa}: any questions with four choices, asked and scored as simple-evals does. */
public final class GpqaEvaluation {
    /** The name of the suite. */
    public static final String SUITE = "gpqa";

    /** The rows of a result. */
    public static final String ANSWERS = "answers.parquet";

    /** The numbers of a result. */
    public static final String RESULT = "gpqa.json";

    /** Of the answers; a comparison reads it. */
    public static final Schema SCHEMA = SchemaBuilder.record("gpqa_answer")
            .namespace("dev.precept.evaluation")
            .fields()
            .requiredInt("number")
            .requiredInt("row")
            .requiredInt("repeat")
            .requiredString("location")
            .requiredString("permutation")
            .requiredString("prompt")
            .optionalString("reasoning")
            .requiredString("answer")
            .optionalString("letter")
            .requiredString("correct_letter")
            .requiredBoolean("correct")
            .requiredBoolean("filtered")
            .requiredString("finish_reason")
            .requiredString("model")
            .requiredLong("prompt_tokens")
            .requiredLong("completion_tokens")
            .requiredLong("reasoning_tokens")
            .endRecord();

    private final SourceTable table;
    private final List<MultipleChoice> questions;
    private final List<Asking> askings;
    private final AnswerMode mode;
    private final int repeats;

    /** @throws dev.precept.config.ConfigurationException if the table is none of questions with four choices */
    public GpqaEvaluation(SourceTable table, AnswerMode mode, int repeats) {
        this.table = table;
        this.questions = MultipleChoice.read(table);
        this.askings = Asking.all(questions, repeats);
        this.mode = mode;
        this.repeats = repeats;
    }

    /** What decides the answers. The mode does not: the same answers are read in another way. */
    public Map<String, String> identity(EndpointSettings model) {
        Map<String, String> identity = new LinkedHashMap<>();
        identity.put("suite", SUITE);
        identity.put("questions", table.sha256());
        identity.put("repeats", String.valueOf(repeats));
        identity.put("prompt", Asking.PROMPT);
        identity.putAll(ModelJson.identity(model));
        return identity;
    }

    /** Questions, with their repeats. */
    public int size() {
        return askings.size();
    }

    /** Whether every question is answered already. */
    public boolean isAnswered(AskedModel model) {
        return askings.stream().allMatch(asking -> model.known(asking.id()).isPresent());
    }

    /**
     * Asks what is not answered yet, and writes the result.
     *
     * @param progress receives the number of answers so far
     * @return what is open
     */
    public Unfinished run(AskedModel model, ResultFolder folder, IntConsumer progress)
            throws IOException, InterruptedException {
        List<Asking> open = askings.stream()
                .filter(asking -> model.known(asking.id()).isEmpty())
                .toList();
        int before = askings.size() - open.size();
        AtomicReference<@Nullable String> why = new AtomicReference<>();
        Workload<Asking> workload = new Workload<>(
                List.of(model.access()),
                asking -> {
                    switch (model.ask(asking.id(), List.of(ChatMessage.user(asking.prompt())))) {
                        case Asked.Answered _ -> {
                            return null;
                        }
                        case Asked.Open left -> {
                            why.compareAndSet(
                                    null, table.name() + ":" + asking.question().location() + ": " + left.detail());
                            return left;
                        }
                    }
                },
                done -> progress.accept(before + done));
        Optional<Workload.Stopped> stopped = workload.run(open, model.settings().concurrency());
        int left = write(model, folder);
        String first = why.get();
        return new Unfinished(left, first == null ? "" : first, stopped);
    }

    /** Returns the number of questions without an answer. */
    private int write(AskedModel model, ResultFolder folder) throws IOException {
        Counts counts = new Counts(questions.size());
        try (AnswerFile file = new AnswerFile(folder.resolve(ANSWERS), SCHEMA)) {
            for (Asking asking : askings) {
                Optional<Answer> answer = model.known(asking.id());
                if (answer.isPresent()) {
                    file.write(row(file.row(), asking, answer.get(), counts));
                } else {
                    counts.open++;
                }
            }
            file.finish();
        }
        folder.write(RESULT, json(model.settings(), counts));
        return counts.open;
    }

    private GenericRecord row(GenericRecord row, Asking asking, Answer answer, Counts counts) {
        Optional<String> letter = answer.filtered() ? Optional.empty() : mode.letter(answer.content());
        boolean correct = letter.equals(Optional.of(asking.correctLetter()));
        counts.add(asking, answer, letter.isPresent(), correct);
        row.put("number", asking.number());
        row.put("row", asking.row());
        row.put("repeat", asking.repeat());
        row.put("location", asking.question().location());
        row.put("permutation", asking.order());
        row.put("prompt", asking.prompt());
        row.put("reasoning", answer.reasoning());
        row.put("answer", answer.content());
        row.put("letter", letter.orElse(null));
        row.put("correct_letter", asking.correctLetter());
        row.put("correct", correct);
        row.put("filtered", answer.filtered());
        row.put("finish_reason", answer.finishReason());
        row.put("model", answer.model());
        row.put("prompt_tokens", answer.usage().prompt());
        row.put("completion_tokens", answer.usage().completion());
        row.put("reasoning_tokens", answer.usage().reasoning());
        return row;
    }

    private static final class Counts {
        private final double[] correctByRow;
        private int answered;
        private int correct;
        private int withoutLetter;
        private int cut;
        private int filtered;
        private int open;
        private TokenUsage usage = TokenUsage.NONE;

        Counts(int rows) {
            this.correctByRow = new double[rows];
        }

        void add(Asking asking, Answer answer, boolean hasLetter, boolean isCorrect) {
            answered++;
            correct += isCorrect ? 1 : 0;
            correctByRow[asking.row()] += isCorrect ? 1 : 0;
            withoutLetter += hasLetter ? 0 : 1;
            cut += answer.isCut() ? 1 : 0;
            filtered += answer.filtered() ? 1 : 0;
            usage = usage.plus(answer.usage());
        }
    }

    private ObjectNode json(EndpointSettings model, Counts counts) {
        boolean complete = counts.open == 0;
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("suite", SUITE);
        json.put("format", 1);
        json.put("complete", complete);
        json.put("score", complete ? (Double) ((double) counts.correct / askings.size()) : null);
        if (complete) {
            double[] means = Arrays.stream(counts.correctByRow)
                    .map(correct -> correct / repeats)
                    .toArray();
            json.set("interval", Interval.ofMean(means).toJson());
        } else {
            json.putNull("interval");
        }
        json.put("mode", mode.toString());
        ModelJson.put(json, model);
        ObjectNode count = json.putObject("counts");
        count.put("questions", questions.size());
        count.put("repeats", repeats);
        count.put("asked", askings.size());
        count.put("answered", counts.answered);
        count.put("correct", counts.correct);
        count.put("wrong", counts.answered - counts.correct);
        count.put("without_letter", counts.withoutLetter);
        count.put("cut", counts.cut);
        count.put("filtered", counts.filtered);
        count.put("open", counts.open);
        ObjectNode source = json.putObject("questions");
        source.put("file", table.name());
        source.put("sha256", table.sha256());
        json.put("prompt", Asking.PROMPT);
        json.set("usage", ModelJson.usage(counts.usage, model.price()));
        json.put("answers", ANSWERS);
        return json;
    }
}
