package dev.precept.dataset;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The secret that requests to models are made with, in all runs of a dataset, so that what was answered once is found
 * again. It lies with the answers, in the cache, which is no part of any version.
 */
public final class CacheSecret {
    private CacheSecret() {}

    /** @param proposal taken if there is none yet */
    public static String getOrCreate(Dataset dataset, String proposal) {
        try {
            dataset.store().createIfAbsent(Layout.CACHE_SECRET, proposal.getBytes(StandardCharsets.UTF_8));
            return new String(dataset.store().read(Layout.CACHE_SECRET).orElseThrow(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep " + Layout.CACHE_SECRET, e);
        }
    }
}
