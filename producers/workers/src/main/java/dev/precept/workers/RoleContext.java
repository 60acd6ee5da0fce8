package dev.precept.workers;

import dev.precept.judging.EndpointSettings;
import dev.precept.judging.Excerpts;
import dev.precept.judging.HandlerContext;
import dev.precept.judging.JudgingTaskHandler;
import dev.precept.judging.ModelAccess;
import dev.precept.judging.Panel;
import dev.precept.judging.SpendKey;
import dev.precept.judging.TaskHandler;
import dev.precept.judging.canary.Canaries;
import dev.precept.judging.canary.CanaryJudge;
import dev.precept.judging.withhold.GenerationAttempts;
import dev.precept.judging.withhold.JudgingAttempts;
import dev.precept.judging.withhold.WithholdingHandler;
import dev.precept.model.ChatRequest;
import dev.precept.model.Reply;
import dev.precept.records.Candidate;
import dev.precept.records.GenerationTask;
import dev.precept.records.JudgingTask;
import dev.precept.records.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BiPredicate;

/**
 * The parts of a worker that depend on its role.
 *
 * @param access to the models: of a panel to several
 */
record RoleContext(
        WorkerContext worker, Panel<ModelAccess> access, SpecificationTopic specifications, Excerpts excerpts) {
    /** @param cacheable whether an answer may be cached */
    static RoleContext create(
            String role,
            WorkerContext worker,
            Panel<EndpointSettings> settings,
            BiPredicate<ChatRequest, Reply.Answered> cacheable) {
        List<ModelAccess> access = new ArrayList<>();
        for (EndpointSettings model : settings.judges()) {
            // For the budget a worker has one instance at a time: each model has a name.
            String name = worker.membership().name(role) + (access.isEmpty() ? "" : "." + (access.size() + 1));
            SpendKey spendKey = new SpendKey(worker.runId(), role, name + "|" + UUID.randomUUID());
            access.add(new ModelAccess(spendKey, model, worker.responseCache(), cacheable, worker.meters()));
        }
        SpecificationTopic specifications = new SpecificationTopic(worker.kafka());
        return new RoleContext(worker, settings.with(access), specifications, new Excerpts(specifications));
    }

    List<ModelAccess> models() {
        return access.judges();
    }

    /** The limit of calls in flight, of all models together. */
    int concurrency() {
        return models().stream().mapToInt(ModelAccess::concurrency).sum();
    }

    private Panel<HandlerContext> tasks() {
        return access.map(model -> model.forTasks(excerpts, worker.nonceKey()));
    }

    private Panel<HandlerContext> control() {
        return access.map(model -> model.forControl(excerpts, worker.nonceKey()));
    }

    WithholdingHandler<GenerationTask, Candidate> generator() {
        return new WithholdingHandler<>(
                new GenerationTaskHandler(tasks().judgeOf(1)),
                new GenerationTaskHandler(control().judgeOf(1)),
                new GenerationAttempts());
    }

    /** @param judge judges the tasks, with or without canaries */
    WithholdingHandler<JudgingTask, Verdict> withholding(TaskHandler<JudgingTask, Verdict> judge) {
        return new WithholdingHandler<>(judge, new JudgingTaskHandler(control()), new JudgingAttempts());
    }

    JudgingTaskHandler judge() {
        return new JudgingTaskHandler(tasks(), access.map(model -> model.forAudits(excerpts, worker.nonceKey())));
    }

    CanaryJudge canaryJudge(Canaries canaries) {
        return new CanaryJudge(
                judge(),
                access.map(model -> model.forBestEffort(excerpts, worker.nonceKey())),
                canaries,
                models().stream().map(ModelAccess::runGuard).toList(),
                worker.meters());
    }
}
