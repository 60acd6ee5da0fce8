package dev.precept.dataset.evidence;

import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.StoredRows;
import dev.precept.dataset.Withdrawal;
import dev.precept.dataset.parquet.ParquetFiles;
import dev.precept.dataset.parquet.ProjectedReader;
import dev.precept.dataset.spool.Parallel;
import dev.precept.dataset.spool.Spool;
import dev.precept.records.Dedup;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.records.Seq;
import dev.precept.records.Source;
import dev.precept.records.Vote;
import dev.precept.schemas.SlotId;
import dev.precept.schemas.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.parquet.hadoop.ParquetReader;

/**
 * One reading of the columns of all committed rows that evidence needs, without the withdrawn rows. The result does not depend
 * on the order of files. For one thread, except that it starts others.
 */
final class EvidenceScan {
    private static final List<String> ROW = List.of(
            "prompt_id",
            "category",
            "response_style",
            "judge.score",
            "judge.model",
            "judge.agree",
            "cited_clauses",
            "generator.cost_usd");
    private static final List<String> OF_SAMPLE = List.of("sample_id");
    /** What a withdrawal selects samples by. */
    private static final List<String> OF_WITHDRAWN =
            List.of("sample_id", "dedup.content_hash", "spec_version", "source.uri", "source.name");

    private static final List<String> OF_REJECTION =
            List.of("terminal", "outcome", "reason", "stage", "run_id", "slot_id", "attempt");
    private static final String AUDITED = "audited";
    private static final String CITATIONS = "findings.citations";

    private final CommittedRows rows;
    private final List<Withdrawal> withdrawals;
    private final Opener opener;
    private final PromptDisagreement prompts;
    private final Map<String, JudgeAgreement> agreements = new TreeMap<>();

    /** Opens a file of committed rows. */
    interface Opener {
        Path open(StoredRows rows) throws IOException;
    }

    private EvidenceScan(CommittedRows rows, Collection<Withdrawal> withdrawals, Opener opener, Spool spool) {
        this.rows = rows;
        this.withdrawals = List.copyOf(withdrawals);
        this.opener = opener;
        this.prompts = new PromptDisagreement(spool);
    }

    /** @param agreements of audited candidates, by group */
    record Scanned(
            AttemptTally tally, Map<String, JudgeAgreement> agreements, List<PromptDisagreement.Prompt> prompts) {}

    static Scanned scan(CommittedRows rows, Collection<Withdrawal> withdrawals, Opener opener, Spool spool, int threads)
            throws IOException {
        EvidenceScan scan = new EvidenceScan(rows, withdrawals, opener, spool);
        List<StoredRows> samples = rows.files(Topics.SAMPLES.name());
        List<StoredRows> rejections = rows.files(Topics.REJECTIONS.name());
        AttemptTally sum = new AttemptTally();
        Parallel.inOrder(
                threads,
                samples.size() + rejections.size(),
                n -> n < samples.size()
                        ? scan.samples(samples.get(n))
                        : scan.rejections(rejections.get(n - samples.size())),
                sum::add);
        return new Scanned(sum, scan.agreements, scan.prompts.worst());
    }

    private AttemptTally samples(StoredRows range) throws IOException {
        AttemptTally tally = new AttemptTally();
        read(range, Sample.getClassSchema(), withdrawals.isEmpty() ? OF_SAMPLE : OF_WITHDRAWN, row -> {
            if (!isWithdrawn(row)) {
                AttemptTally.SideInformation side = AttemptTally.SideInformation.of(row);
                tally.sample(row, side);
                candidate(row, row.requireText("sample_id"), side);
            }
        });
        return tally;
    }

    private boolean isWithdrawn(Row row) {
        if (withdrawals.isEmpty()) {
            return false;
        }
        Sample sample = new Sample();
        sample.setSampleId(row.requireText("sample_id"));
        sample.setSpecVersion(row.requireText("spec_version"));
        sample.setDedup(Dedup.newBuilder()
                .setContentHash(Objects.requireNonNull(row.row("dedup")).requireText("content_hash"))
                .setBands(List.of())
                .setSeq(new Seq(0L, 0, 0))
                .build());
        Source source = new Source();
        Row from = Objects.requireNonNull(row.row("source"));
        source.setUri(from.requireText("uri"));
        source.setName(from.text("name"));
        sample.setSource(source);
        return Withdrawal.first(withdrawals, sample).isPresent();
    }

    private AttemptTally rejections(StoredRows range) throws IOException {
        AttemptTally tally = new AttemptTally();
        if (withdrawals.isEmpty()) {
            read(range, Rejection.getClassSchema(), OF_REJECTION, row -> rejection(row, tally));
        } else { // a withdrawal by content needs the texts
            Path file = opener.open(range);
            try (ParquetReader<Rejection> reader = ParquetFiles.reader(file, Rejection.class)) {
                forEach(reader, range, rejection -> {
                    if (withdrawals.stream()
                            .noneMatch(withdrawal -> withdrawal.selector().matches(rejection))) {
                        rejection(new Row(rejection), tally);
                    }
                });
            }
            rows.discard(file);
        }
        return tally;
    }

    private void rejection(Row row, AttemptTally tally) throws IOException {
        AttemptTally.SideInformation side = AttemptTally.SideInformation.of(row);
        tally.rejection(row, side);
        if (AttemptTally.isAttempt(row)) {
            candidate(
                    row,
                    SlotId.sampleId(row.requireText("run_id"), row.requireText("slot_id") + "/" + row.count("attempt")),
                    side);
        }
    }

    private void candidate(Row row, String id, AttemptTally.SideInformation side) throws IOException {
        if (side.votes() > 0) {
            prompts.add(row.requireText("prompt_id"), side);
        }
        List<Row> cast = row.rows("judge");
        if (!row.isTrue(AUDITED) || cast == null || cast.isEmpty()) {
            return;
        }
        List<Vote> votes = new ArrayList<>();
        for (Row each : cast) {
            Vote vote = new Vote();
            vote.setScore(Objects.requireNonNull(each.number("score")));
            vote.setModel(each.requireText("model"));
            votes.add(vote);
        }
        synchronized (agreements) { // the order does not matter to agreement
            for (String group : SampleTally.groups(row)) {
                agreements.computeIfAbsent(group, _ -> new JudgeAgreement()).add(id, votes);
            }
        }
    }

    interface RowConsumer<R> {
        void accept(R row) throws IOException;
    }

    private void read(StoredRows range, Schema schema, List<String> more, RowConsumer<Row> consumer)
            throws IOException {
        Path file = opener.open(range);
        List<String> columns = new ArrayList<>(ROW);
        columns.addAll(more);
        // Absent in files of earlier builds.
        if (ParquetFiles.hasColumns(file, List.of(AUDITED))) {
            columns.add(AUDITED);
        }
        if (ParquetFiles.hasColumns(file, List.of(CITATIONS))) {
            columns.add(CITATIONS + ".cited.clause");
        }
        try (ParquetReader<? extends IndexedRecord> reader = ProjectedReader.openNullable(file, schema, columns)) {
            forEach(reader, range, record -> consumer.accept(new Row(record)));
        }
        rows.discard(file);
    }

    static <R> void forEach(ParquetReader<R> reader, StoredRows range, RowConsumer<R> consumer) throws IOException {
        long end = range.firstRow() + range.rows();
        for (long at = 0; at < end; at++) {
            R row = reader.read();
            if (row == null) {
                throw new IOException(range.file().key() + " ends after " + at + " rows; " + end + " were expected");
            }
            if (at >= range.firstRow()) {
                consumer.accept(row);
            }
        }
    }
}
