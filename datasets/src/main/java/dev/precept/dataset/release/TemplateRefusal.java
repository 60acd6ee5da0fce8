package dev.precept.dataset.release;

import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.StoredRows;
import dev.precept.dataset.spool.Parallel;
import dev.precept.dataset.template.TemplateCheck;
import dev.precept.dataset.view.View;
import dev.precept.records.Sample;
import dev.precept.schemas.Topics;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Checks the rows of some ranges against the chat templates of a recipe, before they are written. Needs no disk. */
final class TemplateRefusal {
    private final VersionSelection selection;
    private final ReleaseSettings settings;
    private final MemberRouter router;
    private final List<RowRange> ranges;

    TemplateRefusal(
            CommittedRows rows, VersionSelection selection, ReleaseSettings settings, List<RowRange> shardRanges)
            throws IOException {
        this.selection = selection;
        this.settings = settings;
        this.ranges = shardRanges.stream()
                .filter(range -> !views(range.shard()).isEmpty())
                .toList();
        this.router = new MemberRouter(rows, selection, ranges);
    }

    private List<View> views(ShardId shard) {
        return settings.views().stream()
                .filter(view -> view.rowKind() == shard.rowKind() && TemplateCheck.appliesTo(view))
                .toList();
    }

    /** The reason from the first row, in order of the committed files, that a template does not keep; empty if there is none. */
    Optional<String> find(int threads) throws IOException {
        List<StoredRows> attempts = router.files(Topics.REJECTIONS.name());
        List<StoredRows> samples = router.files(Topics.SAMPLES.name());
        try {
            Parallel.inOrder(
                    threads,
                    attempts.size() + samples.size(),
                    n -> {
                        Checker checker = new Checker();
                        if (n < samples.size()) {
                            router.readSamples(samples.get(n), checker);
                        } else {
                            router.readAttempts(attempts.get(n - samples.size()), checker);
                        }
                        return n;
                    },
                    n -> {});
            return Optional.empty();
        } catch (Refusal refusal) {
            return Optional.of(refusal.why);
        }
    }

    /** Checks the rows of one file. For one thread. */
    private final class Checker implements MemberRouter.Receiver {
        private final TemplateCheck check = new TemplateCheck(settings.templates(), selection.format());

        @Override
        public void accept(int range, byte[] id, byte[] key, Sample sample) throws IOException {
            ShardId shard = ranges.get(range).shard();
            for (View view : views(shard)) {
                Optional<String> why = check.refusal(view, sample);
                if (why.isPresent()
                        && selection
                                .indexes()
                                .of(shard.rowKind(), shard.split())
                                .contains(key, id)) {
                    throw new Refusal(why.get());
                }
            }
        }
    }

    /** Ends the iteration over the rows. */
    private static final class Refusal extends IOException {
        private static final long serialVersionUID = 1L;

        private final String why;

        Refusal(String why) {
            super(why);
            this.why = why;
        }
    }
}
