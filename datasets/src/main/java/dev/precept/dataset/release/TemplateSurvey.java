package dev.precept.dataset.release;

import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.StoredRows;
import dev.precept.dataset.spool.Parallel;
import dev.precept.dataset.template.ChatTemplate;
import dev.precept.dataset.template.TemplateCheck;
import dev.precept.dataset.template.TemplateTable;
import dev.precept.dataset.view.View;
import dev.precept.records.Sample;
import dev.precept.schemas.Topics;
import java.io.IOException;
import java.util.List;

/** Counts what chat templates do with every row, in every view of the kinds of rows that are indexed. */
final class TemplateSurvey {
    private final VersionSelection selection;
    private final List<ChatTemplate> templates;
    private final MemberRouter router;
    private final List<RowRange> ranges;

    TemplateSurvey(CommittedRows rows, VersionSelection selection, List<ChatTemplate> templates, List<RowRange> ranges)
            throws IOException {
        this.selection = selection;
        this.templates = templates;
        this.ranges = ranges;
        this.router = new MemberRouter(rows, selection, ranges);
    }

    TemplateTable run(int threads) throws IOException {
        List<StoredRows> attempts = router.files(Topics.REJECTIONS.name());
        List<StoredRows> samples = router.files(Topics.SAMPLES.name());
        TemplateTable sum = new TemplateTable(templates, selection.format());
        Parallel.inOrder(
                threads,
                attempts.size() + samples.size(),
                n -> {
                    TemplateTable table = new TemplateTable(templates, selection.format());
                    MemberRouter.Receiver receiver = (range, id, key, sample) -> add(table, range, id, key, sample);
                    if (n < samples.size()) {
                        router.readSamples(samples.get(n), receiver);
                    } else {
                        router.readAttempts(attempts.get(n - samples.size()), receiver);
                    }
                    return table;
                },
                sum::add);
        return sum;
    }

    private void add(TemplateTable table, int range, byte[] id, byte[] key, Sample sample) throws IOException {
        ShardId shard = ranges.get(range).shard();
        if (!selection.indexes().of(shard.rowKind(), shard.split()).contains(key, id)) {
            return;
        }
        for (View view : View.values()) {
            if (view.rowKind() == shard.rowKind() && TemplateCheck.appliesTo(view)) {
                table.add(view, sample);
            }
        }
    }
}
