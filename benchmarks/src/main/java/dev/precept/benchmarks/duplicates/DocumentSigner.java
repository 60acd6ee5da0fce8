package dev.precept.benchmarks.duplicates;

/** Makes what documents are searched and compared with. */
public interface DocumentSigner {
    SignedDocument sign(String text);

    /** A document of the search; similarities are defined for documents of one signer. */
    interface SignedDocument {
        /** Keys of the buckets that the document is in. */
        long[] bands();

        double similarity(SignedDocument other);
    }
}
