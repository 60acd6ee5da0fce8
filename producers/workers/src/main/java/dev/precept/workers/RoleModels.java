package dev.precept.workers;

import dev.precept.judging.ModelAccess;
import dev.precept.judging.RunGuard;
import dev.precept.kafka.KafkaAccess;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;

/**
 * The models of a role, of which only a panel of judges has several. Each has its own spend and its own share of the budget:
 * for the run each is a worker of the role.
 */
final class RoleModels implements AutoCloseable {
    private final List<ModelAccess> models;
    private final List<RunStateReader> runStates = new ArrayList<>();
    private final List<SpendReporter> reporters = new ArrayList<>();

    RoleModels(List<ModelAccess> models, KafkaAccess kafka, Producer<String, SpecificRecord> spendProducer) {
        this.models = List.copyOf(models);
        for (ModelAccess model : models) {
            runStates.add(new RunStateReader(kafka, model.spendKey(), model.runGuard()));
            reporters.add(new SpendReporter(kafka, spendProducer, model));
        }
    }

    void start() {
        runStates.forEach(RunStateReader::start);
        reporters.forEach(SpendReporter::start);
    }

    /** That a model cannot be called, in one line; empty while all can. A panel needs each of its judges. */
    Optional<String> outage() {
        return first(ModelAccess::outage);
    }

    Optional<? extends Throwable> outageFailure() {
        return first(ModelAccess::outageFailure).map(OutageException::new);
    }

    /** An outage is longer than the recipe allows. */
    private static final class OutageException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OutageException(String cause) {
            super(cause + ". The slots are open; run the same command again once the model answers");
        }
    }

    Optional<String> voteWarning() {
        return first(ModelAccess::voteWarning);
    }

    private Optional<String> first(Function<ModelAccess, Optional<String>> problem) {
        return models.stream().flatMap(model -> problem.apply(model).stream()).findFirst();
    }

    int callsInFlight() {
        return models.stream().mapToInt(ModelAccess::callsInFlight).sum();
    }

    boolean isBudgetSpent() {
        return models.stream().map(ModelAccess::runGuard).anyMatch(RunGuard::isBudgetSpent);
    }

    /** Makes no more calls; those in flight complete. */
    void stop() {
        models.forEach(ModelAccess::stop);
    }

    /** Reports the last spend of each model. */
    void closeReports() {
        reporters.forEach(SpendReporter::close);
        runStates.forEach(RunStateReader::close);
    }

    @Override
    public void close() {
        models.forEach(ModelAccess::close);
    }
}
