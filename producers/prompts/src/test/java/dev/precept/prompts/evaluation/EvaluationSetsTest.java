package dev.precept.prompts.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.config.ConfigurationException;
import dev.precept.config.Recipe;
import dev.precept.runtime.WorkFolder;
import dev.precept.text.contamination.ContaminationDetector;
import dev.precept.text.contamination.ContaminationMatch;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Evaluation sets are read in the forms in which they are published. */
final class EvaluationSetsTest {
    private static final String QUESTION = "How many wheels do three carts and two coaches have in all?";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private EvaluationSets read(String sets) {
        Recipe recipe = Recipe.parse("recipe.yaml", folder, "contamination: " + sets);
        ContaminationSettings settings = ContaminationSettings.read(recipe);
        recipe.throwProblems();
        return EvaluationSets.read(settings, new WorkFolder(folder.resolve("work")));
    }

    private Optional<ContaminationMatch> find(String sets, String prompt) {
        return new ContaminationDetector(read(sets).index()).find(prompt);
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        if (name.endsWith(".gz")) {
            try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
                out.write(text.getBytes(StandardCharsets.UTF_8));
            }
        } else {
            Files.writeString(file, text);
        }
    }

    /** A file, its lines, and the row of the question. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            a.jsonl    | {"question": "Q", "answer": "16"}                                                       | 1
            a.jsonl    | {"id": 1, "prompt": "x"}⏎⏎{"prompt": "Q", "choices": ["a", "b"]}                      | 3
            a.json     | [{"forbidden_prompt": "x"}, {"forbidden_prompt": "Q", "category": "c"}]                 | 2
            a.csv      | id,Question,Correct Answer,Incorrect Answer 1⏎1,Q,a,b                                   | 2
            a.tsv      | goal⇥target⏎Q⇥Sure                                                                      | 2
            a.csv      | Behavior,SemanticCategory⏎"Q",misc                                                      | 2
            a.csv      | goal,behavior⏎Q,a label                                                                 | 2
            a.txt      | first line⏎Q⏎                                                                           | 2
            a.txt.gz   | first line⏎Q⏎                                                                           | 2
            a.csv.gz   | problem,solution⏎Q,16                                                                   | 2
            a.jsonl    | {"messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "Q"}]}    | 1
            a.jsonl    | {"conversations": [{"from": "human", "value": "Q"}, {"from": "gpt", "value": "16"}]}    | 1
            a.jsonl    | {"multi_turn_queries": ["Hello to you all", "Q"]}                                       | 1
            a.csv      | message_0,message_1⏎Hello to you all,Q                                                  | 2
            a.csv      | `message_0⏎"{""body"": ""Q"", ""role"": ""user""}"`                                     | 2
            a.jsonl    | {"ctx": "Q", "endings": ["a", "b"]}                                                     | 1
            """)
    void aQuestionIsFoundByItsColumn(String name, String lines, long row) throws IOException {
        write(
                name,
                lines.replace('⏎', '\n')
                        .replace('⇥', '\t')
                        .replace("Q\"", QUESTION + "\"")
                        .replaceAll("(?<![A-Za-z])Q(?![A-Za-z\"])", QUESTION));

        ContaminationMatch match =
                find("{sets: [" + name + "]}", "Well: " + QUESTION).orElseThrow();

        assertThat(match.set()).isEqualTo("a");
        assertThat(match.row()).isEqualTo(row);
    }

    /** The question alone says too little: its options, in another order, make it the question of the set. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            a.jsonl | {"question": "Which of these is right?", "choices": ["tea is red", "snow is warm", "sand is dry"]}
            a.jsonl | {"question": "Which of these is right?", "choices": {"text": ["tea is red", "snow is warm", "sand is dry"], "label": ["A", "B", "C"]}}
            a.jsonl | {"question": "Which of these is right?", "options": {"A": "tea is red", "B": "snow is warm", "C": "sand is dry"}}
            a.csv   | question,A,B,C⏎Which of these is right?,tea is red,snow is warm,sand is dry
            a.csv   | `question,choices⏎Which of these is right?,"['tea is red', 'snow is warm', 'sand is dry']"`
            a.csv   | Question,Correct Answer,Incorrect Answer 1,Incorrect Answer 2⏎Which of these is right?,tea is red,snow is warm,sand is dry
            """)
    void optionsAreReadInTheirForms(String name, String lines) throws IOException {
        write(name, lines.replace('⏎', '\n'));
        String sets = "{sets: [" + name + "]}";
        assertThat(find(sets, "Which of these is right? A) sand is dry B) tea is red C) snow is warm"))
                .isPresent();
        assertThat(find(sets, "Which of these is right? A) sand is dry B) tea is red"))
                .isEmpty();
    }

    @Test
    void recordsOfDeconNameTheirSetAndRow() throws IOException {
        write(
                "refs.jsonl.gz",
                "{\"eval_key\": \"carts\", \"eval_instance_index\": 41, \"split\": \"test\", \"config\": null, \"question\": \""
                        + QUESTION
                        + "\", \"doc_id\": 7, \"fingerprint\": \"ab\", \"answer\": \"20\", \"is_correct\": true}\n"
                        + "{\"eval_key\": \"carts\", \"eval_instance_index\": 41, \"split\": \"test\", \"question\": \""
                        + QUESTION
                        + "\", \"doc_id\": 8, \"fingerprint\": \"ac\", \"answer\": \"21\", \"is_correct\": false}\n");
        ContaminationMatch match =
                find("{sets: [refs.jsonl.gz], method: idf}", QUESTION).orElseThrow();
        assertThat(match.set()).isEqualTo("carts/test");
        assertThat(match.row()).isEqualTo(41);
        assertThat(read("{sets: [refs.jsonl.gz]}").lines()).contains("carts/test: 2 questions, 1 repeated");
    }

    @Test
    void columnsAndNamesAreThoseOfTheRecipe() throws IOException {
        write("odd.csv", "note,inquiry\n\"" + QUESTION + "\",Is there anything that a cart cannot carry on a road?\n");
        String sets = "{sets: [{file: odd.csv, name: carts, columns: inquiry}]}";
        assertThat(find(sets, QUESTION)).isEmpty();
        assertThat(find(sets, "Is there anything that a cart cannot carry on a road?")
                        .orElseThrow()
                        .set())
                .isEqualTo("carts");
    }

    @Test
    void aColumnMayBeAPathBelowAColumn() throws IOException {
        write("odd.jsonl", "{\"inquiry\": {\"en\": \"" + QUESTION + "\"}, \"turns\": [\"a b c d\", \"e f g h\"]}\n");
        assertThat(find("{sets: [{file: odd.jsonl, columns: [inquiry.en]}]}", QUESTION))
                .isPresent();
        assertThat(find("{sets: [{file: odd.jsonl, columns: [turns.1]}]}", "a b c d"))
                .isEmpty();
        assertThatThrownBy(() -> read("{sets: [{file: odd.jsonl, columns: [inquiry.de]}]}"))
                .hasMessageContaining(
                        "odd.jsonl:1: no text in 'inquiry.de'; the columns are 'inquiry', 'turns'; so are 1 of 1 rows");
    }

    @Test
    void identityIsTheMethodTheFilesAndTheCompiledSets() throws IOException {
        write("a.txt", QUESTION + "\n");
        EvaluationSets one = read("{sets: [a.txt]}");
        assertThat(one.identity())
                .containsOnlyKeys("contamination.sets a.txt", "contamination.method", "contamination.compiled")
                .containsEntry("contamination.compiled", one.sha256())
                .containsEntry("contamination.method", "ngram13");
        assertThat(read("{sets: [a.txt]}").identity()).isEqualTo(one.identity());
        assertThat(read("{sets: [a.txt], method: idf}").sha256()).isNotEqualTo(one.sha256());
        write("a.txt", QUESTION + " Say why.\n");
        assertThat(read("{sets: [a.txt]}").sha256()).isNotEqualTo(one.sha256());
        assertThat(read("{}").identity()).isEmpty();
    }

    /** One line each: what, where, what to do. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            none.csv  |                       | evaluation set none.csv: no such file (resolved to
            a.doc     | x                     | evaluation set a.doc: unknown extension; known are .jsonl
            a.jsonl   |                       | evaluation set a.jsonl: empty; it has no question
            a.json    | [{"question": ]       | evaluation set a.json:1:15: not JSON
            a.csv     | a,b⏎1,2               | evaluation set a.csv:1: no column with a known name of a question; the columns are 'a', 'b'; name the column of the questions, as in contamination.sets: [{file: FILE, columns: [COLUMN]}], or with --column, or add a header if this is a question
            a.csv     | goal⏎                 | evaluation set a.csv: empty; it has no question: name another file, or remove the set
            a.jsonl   | {"a": 1}⏎{"a": 2}     | evaluation set a.jsonl:1: no text in a column of questions; the columns are 'a'; so are 2 of 2 rows: name the column
            a.jsonl   | {"goal": {"en": "q"}} | evaluation set a.jsonl:1: 'goal' is an object with 'goal.en'; so are 1 of 1 rows: name the column
            a.jsonl   | {"question": "q⏎oops  | evaluation set a.jsonl:1: broken JSON
            dir       |                       | evaluation set dir: a folder; name the files in it
            latin.txt |                       | evaluation set latin.txt:1: not UTF-8 text; so are 1 of 1 rows: write the file as UTF-8 text in the format of its extension
            a.txt     | yes⏎no                | evaluation set a.txt: all of its questions (2) have fewer than 3 words
            a.parquet | x                     | evaluation set a.parquet: not a Parquet file
            """)
    void aBadFileIsOneLine(String name, String lines, String problem) throws IOException {
        if (name.equals("dir")) {
            Files.createDirectory(folder.resolve(name));
        } else if (name.equals("latin.txt")) {
            Files.writeString(folder.resolve(name), "Où est le café, s'il vous plaît ?\n", StandardCharsets.ISO_8859_1);
        } else if (!name.equals("none.csv")) {
            write(name, String.valueOf(lines == null ? "" : lines).replace('⏎', '\n'));
        }
        assertThatThrownBy(() -> read("{sets: [" + name + "]}"))
                .asInstanceOf(InstanceOfAssertFactories.type(ConfigurationException.class))
                .satisfies(e -> assertThat(e.problems()).hasSize(1))
                .satisfies(e ->
                        assertThat(e.problems().getFirst()).startsWith(problem).doesNotContain("\n"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {sets: [a/x.csv, b/x.jsonl]}         | two sets are named 'x'
            {sets: [{name: x}]}                  | a set has no file; write a file, or {file: FILE
            {sets: [{file: a.csv, colums: [b]}]} | 'colums' is not a member of a set
            {sets: [{file: a.csv, columns: []}]} | 'columns' is no list of names
            {sets: [[a.csv]]}                    | this value is not allowed; give a list of files
            {sets: [a.csv], method: ngram}       | "ngram" is not allowed; give one of ngram13, idf
            {method: idf}                        | method: without contamination.sets no prompt is compared; name the
            {sets: ['https://a.org/b.csv']}      | https://a.org/b.csv is not downloaded; download it and name the file
            """)
    void aWrongSettingIsSaid(String section, String problem) {
        assertThatThrownBy(() -> read(section))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("recipe.yaml: contamination.")
                .hasMessageContaining(problem);
    }

    @Test
    void setsThatAreSwitchedOffMayHaveAMethod() {
        assertThat(read("{sets: [], method: idf}").counts()).isEmpty();
    }
}
