package dev.precept.benchmarks.duplicates;

import dev.precept.text.Banding;
import dev.precept.text.Signature;
import dev.precept.text.Signer;

/** Precept's signatures; similarities are those of the sets of shingles. */
public final class PreceptSigner implements DocumentSigner {
    private final Signer signer;

    public PreceptSigner(Banding banding) {
        this.signer = new Signer(banding);
    }

    @Override
    public SignedDocument sign(String text) {
        return new Document(signer.sign(text));
    }

    private record Document(Signature signature) implements SignedDocument {
        @Override
        public long[] bands() {
            return signature.bands();
        }

        @Override
        public double similarity(SignedDocument other) {
            return signature.similarity(((Document) other).signature);
        }
    }
}
