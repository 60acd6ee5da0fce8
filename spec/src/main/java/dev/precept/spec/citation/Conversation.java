package dev.precept.spec.citation;

import dev.precept.text.SearchedText;
import org.jspecify.annotations.Nullable;

/** What the user wrote: its phrases are no citations. Its words are read when the first phrase is looked up. Used by one thread. */
final class Conversation {
    private final SearchedText text;
    private @Nullable String words;

    Conversation(SearchedText text) {
        this.text = text;
    }

    /** @param phrase words, with a space around each */
    boolean holds(String phrase) {
        String known = words;
        if (known == null) {
            known = Passage.spaced(text.original());
            words = known;
        }
        return known.contains(phrase);
    }
}
