package dev.precept.dataset.release;

import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.Hash;
import dev.precept.dataset.RejectedAttempts;
import dev.precept.dataset.StoredRows;
import dev.precept.dataset.neardup.SimilarTexts;
import dev.precept.dataset.spool.Parallel;
import dev.precept.records.Message;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.schemas.PromptText;
import dev.precept.schemas.Topics;
import dev.precept.text.Signer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.apache.avro.generic.GenericRecord;

/**
 * Reads the bands and the texts of committed rows. Bands are those that are stored with a row if it was signed in the wanted
 * way; else they are computed from its text.
 */
final class SignedRows {
    private final CommittedRows rows;
    private final Numbers numbers;
    private final boolean readsAttempts;
    private final int threads;

    /** The numbers of rows. */
    interface Numbers {
        /** The number of a sample, or -1. */
        int find(byte[] sampleId);
    }

    /** The texts of rows that are compared with each other. */
    enum Kind {
        PROMPT("dedup.prompt_bands") {
            @Override
            List<String> columns() {
                return List.of("messages.role", "messages.content");
            }

            @Override
            String text(Sample sample) {
                List<Message> messages = sample.getMessages();
                return PromptText.of(messages.subList(0, Math.max(0, messages.size() - 1)));
            }
        },
        REASONING("dedup.bands") {
            @Override
            List<String> columns() {
                return List.of("reasoning");
            }

            @Override
            String text(Sample sample) {
                return sample.getReasoning();
            }
        };

        private final String bands;

        Kind(String bands) {
            this.bands = bands;
        }

        /** The column of the bands. */
        String bands() {
            return bands;
        }

        /** The columns of the text. */
        abstract List<String> columns();

        abstract String text(Sample sample);
    }

    /**
     * @param readsAttempts whether rejected attempts have numbers too
     */
    SignedRows(CommittedRows rows, Numbers numbers, boolean readsAttempts, int threads) {
        this.rows = rows;
        this.numbers = numbers;
        this.readsAttempts = readsAttempts;
        this.threads = threads;
    }

    interface TextConsumer {
        void accept(int number, String text) throws IOException;
    }

    private interface Task {
        void run(StoredRows range) throws IOException;
    }

    /** Adds what rows are found by and verified with. */
    void read(Kind kind, SimilarTexts similar, IntPredicate wanted) throws IOException {
        forEach(rows.files(Topics.SAMPLES.name()), range -> bands(range, kind, similar, wanted));
        forEach(attempts(), range -> {
            Signer signer = new Signer(similar.banding());
            attempts(
                    range,
                    kind,
                    wanted,
                    (number, text) -> similar.addBands(number, signer.sign(text).bands()));
        });
        similar.completeBands(threads);
        IntPredicate compared = number -> wanted.test(number) && similar.hasCandidates(number);
        forEach(rows.files(Topics.SAMPLES.name()), range -> texts(range, kind, compared, similar::addText));
        forEach(attempts(), range -> attempts(range, kind, compared, similar::addText));
        similar.completeTexts();
    }

    /** Reads the texts of some rows. */
    void readTexts(Kind kind, IntPredicate wanted, TextConsumer consumer) throws IOException {
        forEach(rows.files(Topics.SAMPLES.name()), range -> texts(range, kind, wanted, consumer));
        forEach(attempts(), range -> attempts(range, kind, wanted, consumer));
    }

    interface ColumnConsumer {
        void accept(int number, GenericRecord row) throws IOException;
    }

    /** Reads some columns of rows; of rejected attempts, all. */
    void readColumns(List<String> columns, IntPredicate wanted, ColumnConsumer consumer) throws IOException {
        forEach(
                rows.files(Topics.SAMPLES.name()),
                range -> CommittedFileRows.forEachColumns(rows, range, columns, (id, row) -> {
                    int number = number(id);
                    if (number >= 0 && wanted.test(number)) {
                        consumer.accept(number, row);
                    }
                }));
        forEach(attempts(), range -> attempts(range, wanted, consumer));
    }

    private List<StoredRows> attempts() {
        return readsAttempts ? rows.files(Topics.REJECTIONS.name()) : List.of();
    }

    private void forEach(List<StoredRows> files, Task task) throws IOException {
        Parallel.inOrder(
                threads,
                files.size(),
                n -> {
                    task.run(files.get(n));
                    return n;
                },
                _ -> {});
    }

    private void bands(StoredRows range, Kind kind, SimilarTexts similar, IntPredicate wanted) throws IOException {
        BitSet unsigned = new BitSet();
        CommittedFileRows.forEachBands(rows, range, kind.bands(), (id, signed, bands) -> {
            int number = number(id);
            if (number >= 0 && wanted.test(number)) {
                // Without bands it was not signed, or has no word; both are decided by the text.
                if (similar.signature().equals(signed) && bands.length > 0) {
                    similar.addBands(number, bands);
                } else {
                    unsigned.set(number);
                }
            }
        });
        if (!unsigned.isEmpty()) {
            Signer signer = new Signer(similar.banding());
            texts(
                    range,
                    kind,
                    unsigned::get,
                    (number, text) -> similar.addBands(number, signer.sign(text).bands()));
        }
    }

    private void texts(StoredRows range, Kind kind, IntPredicate wanted, TextConsumer consumer) throws IOException {
        CommittedFileRows.forEachText(rows, range, kind.columns(), sample -> {
            int number = number(sample.getSampleId());
            if (number >= 0 && wanted.test(number)) {
                consumer.accept(number, kind.text(sample));
            }
        });
    }

    private void attempts(StoredRows range, Kind kind, IntPredicate wanted, TextConsumer consumer) throws IOException {
        attempts(range, wanted, (number, row) -> consumer.accept(number, kind.text((Sample) row)));
    }

    private void attempts(StoredRows range, IntPredicate wanted, ColumnConsumer consumer) throws IOException {
        CommittedFileRows.forEach(rows, range, Rejection.class, rejection -> {
            Optional<String> id = RejectedAttempts.sampleId(rejection);
            int number = id.isEmpty() ? -1 : number(id.get());
            if (number >= 0 && wanted.test(number)) {
                Optional<Sample> attempt = RejectedAttempts.asSample(rejection);
                if (attempt.isPresent()) {
                    consumer.accept(number, attempt.get());
                }
            }
        });
    }

    private int number(String id) {
        return numbers.find(Hash.of(id).putInto(ByteBuffer.allocate(Hash.BYTES)).array());
    }
}
