package dev.precept.text;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A text that several searches read. Each of its forms is made once, when a search asks for it first. Used by one thread.
 */
public final class SearchedText {
    private final String original;
    private @Nullable String visible;
    private @Nullable String lowerCase;
    private @Nullable List<String> words;
    private long @Nullable [] wordHashes;

    private SearchedText(String original) {
        this.original = original;
    }

    public static SearchedText of(String original) {
        return new SearchedText(original);
    }

    public String original() {
        return original;
    }

    /** As {@link FoldedText#visible}. */
    public String visible() {
        String known = visible;
        if (known == null) {
            known = FoldedText.visible(original);
            visible = known;
        }
        return known;
    }

    /** The visible text in lower case. */
    public String lowerCase() {
        String known = lowerCase;
        if (known == null) {
            known = visible().toLowerCase(Locale.ROOT);
            lowerCase = known;
        }
        return known;
    }

    /** As {@link FoldedText#words}. */
    public List<String> words() {
        List<String> known = words;
        if (known == null) {
            known = List.copyOf(FoldedText.wordsOf(lowerCase()));
            words = known;
        }
        return known;
    }

    /** As {@link WordHashes#of}, of the words. */
    public long[] wordHashes() {
        long[] known = wordHashes;
        if (known == null) {
            known = WordHashes.of(words());
            wordHashes = known;
        }
        return known;
    }
}
