package dev.precept.dataset.semantic;

import dev.precept.dataset.spool.Spool;
import dev.precept.model.EmbeddingModel;
import dev.precept.store.ObjectStore;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Finds texts that are alike in meaning to one with a lower number. Texts are added in any order, also by several threads; then
 * duplicates are searched, once.
 */
public final class SemanticDuplicates implements AutoCloseable {
    private static final int PLACES_BYTES = 400;

    private final Spool spool;
    private final int rows;
    private final int mostChars;
    private final TextFile texts;

    /**
     * What is left to compute.
     *
     * @param texts of the rows, without blank ones
     * @param cached texts whose vectors are known
     * @param missing texts whose vectors are not
     * @param bytes of these, in UTF-8
     * @param batch texts of one call
     * @param url of the endpoint; empty for a model in this process
     * @param price US dollars for a million tokens
     */
    public record Estimate(
            String model,
            long texts,
            long cached,
            long missing,
            long bytes,
            int batch,
            Optional<String> url,
            Optional<Double> price) {
        private static final int BYTES_OF_TOKEN = 4;

        /** Calls of the model; a few more where blocks end. */
        public long calls() {
            return Math.ceilDiv(missing, batch);
        }

        /** A rough number, from the length of the texts. */
        public long tokens() {
            return Math.ceilDiv(bytes, BYTES_OF_TOKEN);
        }
    }

    /** Receives what falls, in order. */
    public interface Receiver {
        /**
         * @param row number of a row
         * @param kept number of the most similar row before it that does not fall
         */
        void accept(int row, int kept, double similarity) throws IOException;
    }

    /**
     * @param rows one above the highest number
     * @param mostChars of a text that are compared
     */
    public SemanticDuplicates(Spool spool, int rows, int mostChars) throws IOException {
        this.spool = spool;
        this.rows = rows;
        this.mostChars = mostChars;
        this.texts = new TextFile(spool, rows);
    }

    /** Temporary bytes for each text, beside the text itself: its vector, places, and signatures. */
    public static long bytesOfRow(int dimensions) {
        return (long) dimensions * Float.BYTES + PLACES_BYTES;
    }

    /** Adds a text; a blank one is like no other. */
    public void add(int number, String text) throws IOException {
        if (!text.isBlank()) {
            texts.add(number, text.length() <= mostChars ? text : text.substring(0, end(text)));
        }
    }

    /** Not within a surrogate pair. */
    private int end(String text) {
        return Character.isHighSurrogate(text.charAt(mostChars - 1)) ? mostChars - 1 : mostChars;
    }

    /**
     * Searches.
     *
     * @param settings the threshold, and what the estimate says of the endpoint
     * @param store holds the vectors that were computed before
     * @param isStoring whether new vectors are stored there
     * @param listener learns what is left to compute before the model is called
     * @throws dev.precept.config.ConfigurationException if the model is wrong
     * @throws IOException if it does not answer, or a store or the spool fails
     */
    public void find(
            EmbeddingModel model,
            ObjectStore store,
            boolean isStoring,
            SemanticSettings settings,
            int threads,
            Consumer<Estimate> listener,
            Receiver receiver)
            throws IOException {
        try (VectorFile vectors = new VectorMaker(
                        texts, model, new VectorCache(store, model.name(), isStoring), spool, rows)
                .make(settings, listener)) {
            SemanticSearch.run(vectors, settings.threshold(), spool, threads, receiver::accept);
        }
    }

    @Override
    public void close() throws IOException {
        texts.close();
    }
}
