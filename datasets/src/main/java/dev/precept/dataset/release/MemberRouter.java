package dev.precept.dataset.release;

import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.Hash;
import dev.precept.dataset.RejectedAttempts;
import dev.precept.dataset.StoredRows;
import dev.precept.dataset.Withdrawal;
import dev.precept.dataset.spool.IdFilter;
import dev.precept.dataset.view.RowKind;
import dev.precept.dataset.view.Split;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.schemas.Topics;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Reads committed rows and finds the ranges of rows that each may belong to. A few percent of what it finds are not members:
 * the reader of a range holds them against the row index. Thread-safe.
 */
final class MemberRouter {
    private final CommittedRows rows;
    private final VersionSelection selection;
    private final Map<RowKind, Map<Split, RangeFinder>> ranges = new EnumMap<>(RowKind.class);
    private final Map<RowKind, IdFilter> members = new EnumMap<>(RowKind.class);
    private final boolean readsAttempts;

    interface Receiver {
        /**
         * @param range position in the list of ranges
         * @param id of the sample
         * @param key of the row
         */
        void accept(int range, byte[] id, byte[] key, Sample sample) throws IOException;
    }

    /** @param list ranges in order of row kinds, splits and ranks */
    MemberRouter(CommittedRows rows, VersionSelection selection, List<RowRange> list) throws IOException {
        this.rows = rows;
        this.selection = selection;
        for (RowIndex index : selection.indexes().all()) {
            int[] positions = IntStream.range(0, list.size())
                    .filter(position -> isOf(list.get(position), index))
                    .toArray();
            if (positions.length > 0) {
                ranges.computeIfAbsent(index.rowKind(), _ -> new EnumMap<>(Split.class))
                        .put(index.split(), new RangeFinder(index, list, positions));
            }
        }
        for (RowKind rowKind : ranges.keySet()) {
            if (rowKind != RowKind.SAMPLE) {
                members.put(rowKind, selection.filter(rowKind, list));
            }
        }
        boolean hasReadmitted = ranges.containsKey(RowKind.SAMPLE) || ranges.containsKey(RowKind.PROMPT);
        this.readsAttempts = ranges.containsKey(RowKind.PAIR)
                || (ranges.containsKey(RowKind.PROMPT) && selection.hasTriedPrompts())
                || (hasReadmitted && selection.hasReadmitted());
    }

    private static boolean isOf(RowRange range, RowIndex index) {
        return range.rows() > 0
                && range.shard().rowKind() == index.rowKind()
                && range.shard().split() == index.split();
    }

    /** The files to read. */
    List<StoredRows> files(String topic) {
        boolean isRead = !ranges.isEmpty() && (readsAttempts || topic.equals(Topics.SAMPLES.name()));
        return isRead ? rows.files(topic) : List.of();
    }

    void readSamples(StoredRows file, Receiver receiver) throws IOException {
        CommittedFileRows.forEach(rows, file, Sample.class, sample -> {
            if (Withdrawal.first(selection.withdrawals(), sample).isEmpty()) {
                boolean isBelow = selection
                        .threshold()
                        .filter(least -> sample.getJudgeMin() < least)
                        .isPresent();
                route(sample, !isBelow, receiver);
            }
        });
    }

    void readAttempts(StoredRows file, Receiver receiver) throws IOException {
        CommittedFileRows.forEach(rows, file, Rejection.class, rejection -> {
            Optional<byte[]> id = RejectedAttempts.sampleId(rejection).map(MemberRouter::bytes);
            if (id.isEmpty()) {
                return;
            }
            boolean isReadmitted = selection.mayBeReadmitted(id.get());
            if (isReadmitted || isMember(RowKind.PAIR, id.get()) || isMember(RowKind.PROMPT, id.get())) {
                Optional<Sample> sample =
                        RejectedAttempts.asSample(rejection).or(() -> RejectedAttempts.promptOf(rejection));
                if (sample.isPresent()
                        && Withdrawal.first(selection.withdrawals(), sample.get())
                                .isEmpty()) {
                    route(sample.get(), isReadmitted, receiver);
                }
            }
        });
    }

    private boolean isMember(RowKind rowKind, byte[] id) {
        IdFilter filter = members.get(rowKind);
        return filter != null && filter.mayContain(id);
    }

    private void route(Sample sample, boolean mayBeKept, Receiver receiver) throws IOException {
        byte[] id = bytes(sample.getSampleId());
        for (Map.Entry<RowKind, Map<Split, RangeFinder>> kind : ranges.entrySet()) {
            RowKind rowKind = kind.getKey();
            IdFilter filter = members.get(rowKind);
            if ((filter != null && !filter.mayContain(id)) || (!mayBeKept && !hasOthers(rowKind))) {
                continue;
            }
            Optional<byte[]> key = key(rowKind, id, sample);
            RangeFinder finder = kind.getValue().get(selection.split(sample.getPromptId()));
            if (key.isPresent() && finder != null) {
                OptionalInt range = finder.find(key.get());
                if (range.isPresent()) {
                    receiver.accept(range.getAsInt(), id, key.get(), sample);
                }
            }
        }
    }

    /** Whether rows of a kind have samples that the version does not keep. */
    private boolean hasOthers(RowKind rowKind) {
        return switch (rowKind) {
            case SAMPLE -> false;
            case PROMPT -> selection.hasTriedPrompts();
            case PAIR -> true;
        };
    }

    private Optional<byte[]> key(RowKind rowKind, byte[] id, Sample sample) {
        return switch (rowKind) {
            case SAMPLE -> Optional.of(id);
            case PROMPT -> key(sample.getPromptId(), selection.excerpts().rank(sample.getSpecExcerptSha256()));
            case PAIR -> key(sample.getPromptId(), selection.runs().rank(sample.getRunId()));
        };
    }

    private static Optional<byte[]> key(String hash, int rank) {
        return rank < 0
                ? Optional.empty()
                : Optional.of(Hash.of(hash)
                        .putInto(ByteBuffer.allocate(Hash.BYTES + Integer.BYTES))
                        .putInt(rank)
                        .array());
    }

    private static byte[] bytes(String hash) {
        return Hash.of(hash).putInto(ByteBuffer.allocate(Hash.BYTES)).array();
    }
}
