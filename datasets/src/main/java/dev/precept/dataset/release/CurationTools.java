package dev.precept.dataset.release;

import dev.precept.dataset.Manifest;
import dev.precept.dataset.semantic.SemanticDuplicates;
import dev.precept.dataset.semantic.SemanticModels;
import dev.precept.dataset.semantic.SemanticSettings;
import dev.precept.model.EmbeddingModel;
import dev.precept.store.ObjectStore;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What the steps need that leave out good rows.
 *
 * @param store of the dataset
 * @param isStoring whether new vectors are stored there
 * @param listener learns what is left to compute before an embedding model is called
 * @param again the version that is made again without some rows; empty for any other
 */
record CurationTools(
        ObjectStore store,
        boolean isStoring,
        Consumer<SemanticDuplicates.Estimate> listener,
        Optional<Manifest> again) {
    CurationTools(ObjectStore store, boolean isStoring, Consumer<SemanticDuplicates.Estimate> listener) {
        this(store, isStoring, listener, Optional.empty());
    }

    EmbeddingModel model(SemanticSettings settings, int threads) {
        return SemanticModels.open(settings, System.getenv(), threads);
    }
}
