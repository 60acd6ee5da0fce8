package dev.precept.schemas;

import dev.precept.records.Candidate;
import dev.precept.records.DeadLetter;
import dev.precept.records.GenerationTask;
import dev.precept.records.JudgingTask;
import dev.precept.records.Lease;
import dev.precept.records.NeighbourAnswer;
import dev.precept.records.NeighbourRequest;
import dev.precept.records.PartitionProgress;
import dev.precept.records.PromptEvent;
import dev.precept.records.RejectionEvent;
import dev.precept.records.Run;
import dev.precept.records.SampleEvent;
import dev.precept.records.SpecBundle;
import dev.precept.records.Spend;
import dev.precept.records.Verdict;
import dev.precept.schemas.Topic.Partitions;
import dev.precept.schemas.Topic.Retention;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;

/** The catalogue of a dataset's topics. Topic names are declared here only. */
public final class Topics {
    static {
        TrustedRecords.trust();
    }

    /**
     * Header of a record in {@link #PROMPTS} that holds a prompt or an unusable line: the id of its run, in UTF-8. It stays
     * readable if the value does not.
     */
    public static final String RUN_HEADER = "run";

    /** Prompts, unusable lines and end markers; keyed by prompt id. */
    public static final Topic<PromptEvent> PROMPTS = unlimited("prompts", PromptEvent.class);

    /** Signatures of prompts, for the search of near-duplicates; keyed by what waits, one partition a shard. */
    public static final Topic<NeighbourRequest> PROMPT_SIGNATURES = signatures("prompt-signatures");

    /** Answers to signatures of prompts; on the partition of the prompt. */
    public static final Topic<NeighbourAnswer> PROMPT_MATCHES = unlimited("prompt-matches", NeighbourAnswer.class);

    public static final Topic<GenerationTask> GENERATION_TASKS = tasks("generation-tasks", GenerationTask.class);
    public static final Topic<Candidate> CANDIDATES = unlimited("candidates", Candidate.class);
    public static final Topic<JudgingTask> JUDGING_TASKS = tasks("judging-tasks", JudgingTask.class);
    public static final Topic<Verdict> VERDICTS = unlimited("verdicts", Verdict.class);

    /** Signatures of reasonings, as of prompts. */
    public static final Topic<NeighbourRequest> REASONING_SIGNATURES = signatures("reasoning-signatures");

    /** Answers to signatures of reasonings; on the partition of the prompt. */
    public static final Topic<NeighbourAnswer> REASONING_MATCHES =
            unlimited("reasoning-matches", NeighbourAnswer.class);

    public static final Topic<SampleEvent> SAMPLES = unlimited("samples", SampleEvent.class);
    public static final Topic<RejectionEvent> REJECTIONS = unlimited("rejections", RejectionEvent.class);

    /** Compiled specifications; keyed by hash. */
    public static final Topic<SpecBundle> SPECS = compacted("specs", SpecBundle.class);

    /** Run descriptions and requested states; keyed by run id. */
    public static final Topic<Run> RUNS = compacted("runs", Run.class);

    /** Spend of each worker instance; keyed by run and instance, partitioned by run. */
    public static final Topic<Spend> SPEND = compacted("spend", Spend.class);

    /** Share of each worker instance in the budget of its run; keyed as its spend, partitioned by key. */
    public static final Topic<Lease> LEASES = compacted("leases", Lease.class);

    /** Progress of each partition; keyed by run and partition. */
    public static final Topic<PartitionProgress> PROGRESS = compacted("progress", PartitionProgress.class);

    public static final Topic<DeadLetter> DEAD_LETTERS = unlimited("dead-letters", DeadLetter.class);

    private static final List<Topic<?>> ALL = List.of(
            PROMPTS,
            PROMPT_SIGNATURES,
            PROMPT_MATCHES,
            GENERATION_TASKS,
            CANDIDATES,
            JUDGING_TASKS,
            VERDICTS,
            REASONING_SIGNATURES,
            REASONING_MATCHES,
            SAMPLES,
            REJECTIONS,
            SPECS,
            RUNS,
            SPEND,
            LEASES,
            PROGRESS,
            DEAD_LETTERS);

    private Topics() {}

    /** All topics, in the order of the data flow. */
    public static List<Topic<?>> all() {
        return ALL;
    }

    private static <V extends SpecificRecord> Topic<V> tasks(String name, Class<V> type) {
        return new Topic<>(name, type, Retention.UNLIMITED, Partitions.TASKS);
    }

    private static Topic<NeighbourRequest> signatures(String name) {
        return new Topic<>(name, NeighbourRequest.class, Retention.UNLIMITED, Partitions.SHARDS);
    }

    private static <V extends SpecificRecord> Topic<V> unlimited(String name, Class<V> type) {
        return new Topic<>(name, type, Retention.UNLIMITED, Partitions.DATASET);
    }

    private static <V extends SpecificRecord> Topic<V> compacted(String name, Class<V> type) {
        return new Topic<>(name, type, Retention.COMPACTED, Partitions.DATASET);
    }
}
