package dev.precept.workers;

import dev.precept.judging.EndpointSettings;
import dev.precept.judging.Excerpts;
import dev.precept.judging.HandlerContext;
import dev.precept.judging.JudgingTaskHandler;
import dev.precept.judging.ModelAccess;
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
import java.util.UUID;
import java.util.function.BiPredicate;

/**
 * The parts of a worker that depend on its role.
 *
 * @param concurrency limit of calls in flight
 */
record RoleContext(
        WorkerContext worker,
        int concurrency,
        ModelAccess model,
        SpecificationTopic specifications,
        HandlerContext tasks,
        HandlerContext bestEffort,
        HandlerContext audits,
        HandlerContext control) {

    /** @param cacheable whether an answer may be cached */
    static RoleContext create(
            String role,
            WorkerContext worker,
            EndpointSettings settings,
            BiPredicate<ChatRequest, Reply.Answered> cacheable) {
        SpendKey spendKey =
                new SpendKey(worker.runId(), role, worker.membership().name(role) + "|" + UUID.randomUUID());
        ModelAccess model = new ModelAccess(spendKey, settings, worker.responseCache(), cacheable, worker.meters());
        SpecificationTopic specifications = new SpecificationTopic(worker.kafka());
        Excerpts excerpts = new Excerpts(specifications);
        return new RoleContext(
                worker,
                settings.concurrency(),
                model,
                specifications,
                model.forTasks(excerpts, worker.nonceKey()),
                model.forBestEffort(excerpts, worker.nonceKey()),
                model.forAudits(excerpts, worker.nonceKey()),
                model.forControl(excerpts, worker.nonceKey()));
    }

    WithholdingHandler<GenerationTask, Candidate> generator() {
        return new WithholdingHandler<>(
                new GenerationTaskHandler(tasks), new GenerationTaskHandler(control), new GenerationAttempts());
    }

    /** @param judge judges the tasks, with or without canaries */
    WithholdingHandler<JudgingTask, Verdict> withholding(TaskHandler<JudgingTask, Verdict> judge) {
        return new WithholdingHandler<>(judge, new JudgingTaskHandler(control), new JudgingAttempts());
    }

    JudgingTaskHandler judge() {
        return new JudgingTaskHandler(tasks, audits);
    }

    CanaryJudge canaryJudge(Canaries canaries) {
        return new CanaryJudge(judge(), bestEffort, canaries, model.runGuard(), worker.meters());
    }
}
