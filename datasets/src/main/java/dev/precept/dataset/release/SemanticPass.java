package dev.precept.dataset.release;

import dev.precept.config.ConfigurationException;
import dev.precept.dataset.Hash;
import dev.precept.dataset.Layout;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.semantic.SemanticDuplicates;
import dev.precept.dataset.semantic.SemanticSettings;
import dev.precept.dataset.spool.EntryTable;
import dev.precept.dataset.spool.Spool;
import dev.precept.model.EmbeddingModel;
import dev.precept.store.ObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leaves out, or reports, candidates whose prompt is alike in meaning to that of an earlier one. The candidates of a prompt
 * stand or fall together, and a prompt falls only to one that stays. For one thread.
 */
final class SemanticPass implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SemanticPass.class);
    private static final int FALLEN_WIDTH = Double.BYTES + Hash.BYTES;
    private static final Set<String> MEANING =
            Set.of(RemovedEntry.Reason.SEMANTIC_DUPLICATE.label(), RemovedEntry.Reason.SIMILAR_MEANING.label());

    private final OrderedCandidates candidates;
    private final IndexFiles files;

    /** By the first candidate of a prompt: the first one that is kept, plus one. */
    private final EntryTable keptOfPrompt;

    /** By the first candidate of a prompt: the similarity to what it falls to, else 0, and the id of that. */
    private final EntryTable fallen;

    private SemanticPass(OrderedCandidates candidates, IndexFiles files, Spool spool) throws IOException {
        this.candidates = candidates;
        this.files = files;
        this.keptOfPrompt = new EntryTable(spool, "semantic-prompts", Integer.BYTES, candidates.size());
        this.fallen = new EntryTable(spool, "semantic-fallen", FALLEN_WIDTH, candidates.size());
    }

    /** @return the candidates that were left out, or reported */
    static long run(
            SignedRows rows,
            OrderedCandidates candidates,
            IndexFiles files,
            SemanticSettings settings,
            CurationTools tools,
            Spool spool,
            int threads)
            throws IOException {
        try (SemanticPass pass = new SemanticPass(candidates, files, spool)) {
            Optional<Manifest> again = tools.again();
            try {
                pass.search(rows, settings, tools, spool, threads);
            } catch (MissingVectorsException e) {
                pass.repeat(again.orElseThrow(() -> e), tools.store());
            }
            return pass.apply(settings.policy() == SemanticSettings.Policy.REJECT);
        }
    }

    /** Some vectors are neither known, nor can they be computed. */
    private static final class MissingVectorsException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** A version that is made again must not depend on the installation that made it. */
    private static EmbeddingModel open(SemanticSettings settings, CurationTools tools, int threads) {
        try {
            return tools.model(settings, threads);
        } catch (ConfigurationException e) {
            if (tools.again().isEmpty()) {
                throw e;
            }
            LOG.atWarn().addKeyValue("why", e.getMessage()).log("the embedding model cannot be used");
            throw new MissingVectorsException();
        }
    }

    private void search(SignedRows rows, SemanticSettings settings, CurationTools tools, Spool spool, int threads)
            throws IOException {
        boolean mustBeKnown = settings.isCachedOnly() && tools.again().isPresent();
        try (EmbeddingModel model = open(settings, tools, threads);
                SemanticDuplicates duplicates =
                        new SemanticDuplicates(spool, candidates.size(), settings.mostChars())) {
            rows.readTexts(SignedRows.Kind.PROMPT, firstKept()::get, duplicates::add);
            Consumer<SemanticDuplicates.Estimate> listener = estimate -> {
                if (mustBeKnown && estimate.missing() > 0) {
                    throw new MissingVectorsException();
                }
                tools.listener().accept(estimate);
            };
            duplicates.find(
                    model,
                    tools.store(),
                    tools.isStoring(),
                    settings,
                    threads,
                    listener,
                    (number, kept, similarity) -> fall(number, candidates.id(kept), similarity));
        }
    }

    /**
     * Takes over what the version that is made again left out, or reported. A prompt stays out although what it fell to is no
     * longer there: without its vector nothing says which of those that fell to it may come back.
     */
    private void repeat(Manifest again, ObjectStore store) throws IOException {
        LOG.atWarn()
                .addKeyValue("version", again.version())
                .log("vectors of prompts are missing; what is alike in meaning is taken over from this version");
        Path file;
        try {
            file = store.fetch(
                    Layout.releaseFile(again.version(), again.removed().file().path()));
        } catch (NoSuchFileException e) {
            LOG.atWarn()
                    .addKeyValue("version", again.version())
                    .setCause(e)
                    .log("its list of removed samples is gone; none is left out for its meaning");
            return;
        }
        try {
            RemovedSamples.read(file, this::repeat);
        } finally {
            store.discard(file);
        }
    }

    private void repeat(RemovedSamples.Row row) {
        String other = row.duplicateOf();
        Double similarity = row.similarity();
        if (!MEANING.contains(row.reason()) || other == null || similarity == null) {
            return;
        }
        int number = candidates.find(bytes(row.sampleId()));
        byte[] kept = bytes(other);
        if (number >= 0 && candidates.isKept(number) && (!row.isKept() || isThere(candidates.find(kept)))) {
            fall(number, kept, similarity);
        }
    }

    private boolean isThere(int number) {
        return number >= 0 && candidates.isKept(number);
    }

    private static byte[] bytes(String id) {
        return Hash.of(id).putInto(ByteBuffer.allocate(Hash.BYTES)).array();
    }

    /** The first kept candidate of each prompt. */
    private BitSet firstKept() {
        BitSet first = new BitSet();
        for (int number = 0; number < candidates.size(); number++) {
            int prompt = candidates.firstOfPrompt(number);
            if (candidates.isKept(number) && keptOfPrompt.getInt(prompt, 0) == 0) {
                keptOfPrompt.putInt(prompt, 0, number + 1);
                first.set(number);
            }
        }
        return first;
    }

    private void fall(int number, byte[] kept, double similarity) {
        byte[] entry = ByteBuffer.allocate(FALLEN_WIDTH)
                .putDouble(similarity)
                .put(kept)
                .array();
        fallen.put(candidates.firstOfPrompt(number), entry, 0);
    }

    private long apply(boolean isRejecting) throws IOException {
        long count = 0;
        for (int number = 0; number < candidates.size(); number++) {
            ByteBuffer of = ByteBuffer.wrap(fallen.get(candidates.firstOfPrompt(number)));
            double similarity = of.getDouble();
            if (similarity > 0 && candidates.isKept(number)) {
                count++;
                byte[] kept = new byte[Hash.BYTES];
                of.get(kept);
                byte[] entry = RemovedEntry.similar(
                        isRejecting ? RemovedEntry.Reason.SEMANTIC_DUPLICATE : RemovedEntry.Reason.SIMILAR_MEANING,
                        candidates.id(number),
                        kept,
                        similarity);
                if (isRejecting) {
                    candidates.leaveOut(number, entry);
                } else {
                    files.removed.add(entry);
                }
            }
        }
        return count;
    }

    @Override
    public void close() throws IOException {
        keptOfPrompt.close();
        fallen.close();
    }
}
