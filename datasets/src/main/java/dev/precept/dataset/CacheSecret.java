package dev.precept.dataset;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The secret that all runs of a dataset add to their model requests, so that cached replies are found again. It is stored
 * with the replies in the cache, which is not part of any version.
 */
public final class CacheSecret {
    private CacheSecret() {}

    /** @param proposal stored if the dataset has no secret yet */
    public static String getOrCreate(Dataset dataset, String proposal) {
        try {
            dataset.store().createSecretIfAbsent(Layout.CACHE_SECRET, proposal.getBytes(StandardCharsets.UTF_8));
            return new String(dataset.store().read(Layout.CACHE_SECRET).orElseThrow(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot store " + Layout.CACHE_SECRET, e);
        }
    }
}
