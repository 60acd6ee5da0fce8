package dev.precept.evaluation.safety;

import dev.precept.config.ConfigurationException;
import dev.precept.evaluation.SourceTable;
import dev.precept.evaluation.ask.Answer;
import dev.precept.evaluation.ask.Asked;
import dev.precept.evaluation.ask.AskedModel;
import dev.precept.evaluation.ask.CallLog;
import dev.precept.evaluation.ask.Workload;
import dev.precept.evaluation.result.AnswerFile;
import dev.precept.evaluation.result.ModelJson;
import dev.precept.evaluation.result.ResultFolder;
import dev.precept.evaluation.result.Unfinished;
import dev.precept.judging.EndpointSettings;
import dev.precept.judging.ModelAccess;
import dev.precept.judging.Panel;
import dev.precept.judging.PromptTemplate;
import dev.precept.model.ChatMessage;
import dev.precept.model.MessageContent;
import dev.precept.model.TokenUsage;
import dev.precept.spec.Specification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The suite {@code safety}: the model answers the prompts of the user's own sets, and the judges of a recipe say what it did.
 */
public final class SafetyEvaluation {
    /** The name of the suite. */
    public static final String SUITE = "safety";

    /** The rows of a result. */
    public static final String ANSWERS = "answers.parquet";

    /** The numbers of a result. */
    public static final String RESULT = "safety.json";

    private static final String KEY = "judgement ";

    private final List<SafetySet> sets;
    private final Map<String, SourceTable> tables = new LinkedHashMap<>();
    private final List<SafetyPrompt> prompts = new ArrayList<>();
    private final Specification specification;
    private final Panel<EndpointSettings> judges;

    /**
     * @param tables reads the file of a set
     * @throws ConfigurationException naming the first problem of a set
     */
    public SafetyEvaluation(
            List<SafetySet> sets,
            Function<SafetySet, SourceTable> tables,
            Specification specification,
            Panel<EndpointSettings> judges) {
        this.sets = List.copyOf(sets);
        this.specification = specification;
        this.judges = judges;
        for (SafetySet set : sets) {
            SourceTable table = tables.apply(set);
            this.tables.put(set.name(), table);
            prompts.addAll(SafetyPrompts.read(set, table, specification));
        }
    }

    /** What decides the answers and their judgements. */
    public Map<String, String> identity(EndpointSettings model) {
        Map<String, String> identity = new LinkedHashMap<>();
        identity.put("suite", SUITE);
        for (SafetySet set : sets) {
            identity.put("set " + set.name(), setIdentity(set));
        }
        identity.putAll(judgeIdentity());
        identity.putAll(ModelJson.identity(model));
        return identity;
    }

    private String setIdentity(SafetySet set) {
        SourceTable table = tables.get(set.name());
        return (table == null ? "" : table.sha256()) + " " + set.scoring() + " prompt "
                + set.prompt().orElse("-")
                + " category " + set.category().orElse("-") + " label "
                + set.label().orElse("-")
                + (set.where().isEmpty() ? "" : " where " + new TreeMap<>(set.where()));
    }

    /** Two evaluations with another judge cannot be compared. */
    Map<String, String> judgeIdentity() {
        Map<String, String> identity = new LinkedHashMap<>();
        identity.put(
                "judge",
                judges.members().stream()
                        .map(member -> member.judge().model() + " x" + member.votes() + " "
                                + member.judge().sampling())
                        .collect(Collectors.joining(", ")));
        identity.put(
                "judge_template",
                judges.judgeOf(1)
                                .prompt()
                                .template(PromptTemplate.Role.JUDGE_ANSWER)
                                .version() + " " + StrongRejectRubric.VERSION);
        // A template of the user's own has one version with whatever criteria it is filled.
        identity.put("judge_criteria", judges.judgeOf(1).prompt().criteria().identity());
        identity.put("specification", specification.version());
        return identity;
    }

    /** Prompts of all sets. */
    public int size() {
        return prompts.size();
    }

    /** Whether every answer is judged already. */
    public boolean isJudged(CallLog log) {
        return prompts.stream().allMatch(prompt -> judgement(log, prompt).isPresent());
    }

    /**
     * Asks and judges what is open, and writes the result.
     *
     * @param progress receives the number of judged answers so far
     * @return what is open
     */
    public Unfinished run(AskedModel model, SafetyJudge judge, ResultFolder folder, IntConsumer progress)
            throws IOException, InterruptedException {
        CallLog log = folder.log();
        List<SafetyPrompt> open = prompts.stream()
                .filter(prompt -> judgement(log, prompt).isEmpty())
                .toList();
        int before = prompts.size() - open.size();
        List<ModelAccess> models = new ArrayList<>(judge.access());
        models.add(model.access());
        AtomicReference<@Nullable String> why = new AtomicReference<>();
        Workload<SafetyPrompt> workload = new Workload<>(
                models,
                prompt -> {
                    Asked.Open left = askAndJudge(prompt, model, judge, log);
                    if (left != null) {
                        why.compareAndSet(null, prompt.set() + ":" + prompt.location() + ": " + left.detail());
                    }
                    return left;
                },
                done -> progress.accept(before + done));
        int threads = models.stream().mapToInt(ModelAccess::concurrency).sum();
        Optional<Workload.Stopped> stopped = workload.run(open, threads);
        int left = write(model, folder);
        String first = why.get();
        return new Unfinished(left, first == null ? "" : first, stopped);
    }

    private static Asked.@Nullable Open askAndJudge(
            SafetyPrompt prompt, AskedModel model, SafetyJudge judge, CallLog log) throws InterruptedException {
        List<ChatMessage> conversation = new ArrayList<>();
        Answer answer = null;
        for (int turn = 0; turn < prompt.turns().size(); turn++) {
            if (answer != null) {
                conversation.add(assistant(answer));
            }
            conversation.add(ChatMessage.user(prompt.turns().get(turn)));
            switch (model.ask(answerId(prompt, turn), conversation)) {
                case Asked.Open open -> {
                    return open;
                }
                case Asked.Answered(Answer given) -> answer = given;
            }
            if (answer.filtered()) {
                break;
            }
        }
        if (answer == null) {
            throw new IllegalStateException("a prompt has at least one turn");
        }
        SafetyJudge.Found found = judge.judge(prompt, conversation, answer);
        Judgement judgement = found.judgement();
        if (judgement == null) {
            return found.open();
        }
        try {
            log.put(KEY + prompt.id(), judgement.toJson());
        } catch (IOException e) {
            throw new UncheckedIOException("a judgement cannot be stored", e);
        }
        return null;
    }

    private static ChatMessage assistant(Answer answer) {
        return new ChatMessage("assistant", MessageContent.of(answer.content()), null, null, null, null);
    }

    private static String answerId(SafetyPrompt prompt, int turn) {
        return prompt.id() + " " + turn;
    }

    private static Optional<Judgement> judgement(CallLog log, SafetyPrompt prompt) {
        try {
            return log.get(KEY + prompt.id()).flatMap(Judgement::read);
        } catch (IOException e) {
            throw new UncheckedIOException("the log of calls cannot be read", e);
        }
    }

    /** The last answer, with the usage of all turns: a filter may have ended a conversation before its last turn. */
    private static Answer lastAnswer(SafetyPrompt prompt, AskedModel model) {
        List<Answer> answers = new ArrayList<>();
        for (int turn = 0; turn < prompt.turns().size(); turn++) {
            model.known(answerId(prompt, turn)).ifPresent(answers::add);
        }
        if (answers.isEmpty()) {
            throw new IllegalStateException("a judged prompt has an answer");
        }
        return answers.getLast()
                .withUsage(answers.stream().map(Answer::usage).reduce(TokenUsage.NONE, TokenUsage::plus));
    }

    /** Returns the number of prompts that are open. */
    private int write(AskedModel model, ResultFolder folder) throws IOException {
        SafetyReport report = new SafetyReport(sets, tables, specification);
        int open = 0;
        try (AnswerFile file = new AnswerFile(folder.resolve(ANSWERS), SafetyRow.SCHEMA)) {
            for (SafetyPrompt prompt : prompts) {
                Optional<Judgement> judgement = judgement(folder.log(), prompt);
                if (judgement.isEmpty()) {
                    report.open(prompt);
                    open++;
                    continue;
                }
                Answer answer = lastAnswer(prompt, model);
                report.add(prompt, answer, judgement.get());
                file.write(SafetyRow.of(file.row(), prompt, answer, judgement.get()));
            }
            file.finish();
        }
        folder.write(RESULT, report.toJson(model.settings(), judgeIdentity()));
        return open;
    }
}
