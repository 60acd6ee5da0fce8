package dev.precept.embedding;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The tokenizer of uncased BERT models: lower case without accents, words and punctuation, then the longest pieces of the
 * vocabulary (Devlin et al. 2019). Thread-safe.
 */
final class WordPiece {
    private static final int MOST_CHARS_OF_WORD = 100;
    private static final String CONTINUED = "##";

    private final Map<String, Integer> vocabulary = new HashMap<>();
    private final int unknown;

    private WordPiece(JsonNode vocabulary) {
        vocabulary
                .properties()
                .forEach(piece ->
                        this.vocabulary.put(piece.getKey(), piece.getValue().intValue()));
        this.unknown = id("[UNK]");
    }

    /** Reads the {@code tokenizer.json} of a model. */
    static WordPiece read(InputStream json) throws IOException {
        return new WordPiece(new ObjectMapper().readTree(json).path("model").path("vocab"));
    }

    /** The number of a piece that the vocabulary must have. */
    int id(String piece) {
        Integer id = vocabulary.get(piece);
        if (id == null) {
            throw new IllegalArgumentException("the vocabulary has no " + piece);
        }
        return id;
    }

    /** The numbers of the pieces of a text, without those that mark its ends. */
    long[] encode(String text, int most) {
        Pieces pieces = new Pieces(most);
        StringBuilder word = new StringBuilder();
        String folded = Normalizer.normalize(text.toLowerCase(Locale.ROOT), Normalizer.Form.NFD);
        for (int at = 0; at < folded.length() && !pieces.isFull(); ) {
            int c = folded.codePointAt(at);
            at += Character.charCount(c);
            if (Character.getType(c) == Character.NON_SPACING_MARK || isIgnored(c)) {
                continue;
            }
            if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
                pieces.add(word);
            } else if (isPunctuation(c) || isHan(c)) {
                pieces.add(word);
                pieces.add(word.appendCodePoint(c));
            } else {
                word.appendCodePoint(c);
            }
        }
        pieces.add(word);
        return Arrays.copyOf(pieces.ids, pieces.count);
    }

    private static boolean isIgnored(int c) {
        return c == 0
                || c == 0xFFFD
                || (!Character.isWhitespace(c)
                        && switch (Character.getType(c)) {
                            case Character.CONTROL,
                                    Character.FORMAT,
                                    Character.SURROGATE,
                                    Character.PRIVATE_USE,
                                    Character.UNASSIGNED -> true;
                            default -> false;
                        });
    }

    private static boolean isPunctuation(int c) {
        if (c < 128) {
            return c > ' ' && !Character.isLetterOrDigit(c);
        }
        return switch (Character.getType(c)) {
            case Character.CONNECTOR_PUNCTUATION,
                    Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION -> true;
            default -> false;
        };
    }

    private static boolean isHan(int c) {
        return (c >= 0x4E00 && c <= 0x9FFF)
                || (c >= 0x3400 && c <= 0x4DBF)
                || (c >= 0x20000 && c <= 0x2CEAF)
                || (c >= 0xF900 && c <= 0xFAFF)
                || (c >= 0x2F800 && c <= 0x2FA1F);
    }

    /** Splits words into pieces, up to a number of them. */
    private final class Pieces {
        private final long[] ids;
        private int count;

        Pieces(int most) {
            this.ids = new long[most];
        }

        boolean isFull() {
            return count == ids.length;
        }

        /** Adds the pieces of a word, and empties it. */
        void add(StringBuilder word) {
            String text = word.toString();
            word.setLength(0);
            int before = count;
            if (text.codePointCount(0, text.length()) > MOST_CHARS_OF_WORD) {
                put(unknown);
                return;
            }
            for (int from = 0; from < text.length() && !isFull(); ) {
                int to = text.length();
                Integer id = null;
                while (to > from && id == null) {
                    String piece = text.substring(from, to);
                    id = vocabulary.get(from == 0 ? piece : CONTINUED + piece);
                    to -= id == null ? 1 : 0;
                }
                if (id == null) {
                    count = before;
                    put(unknown);
                    return;
                }
                put(id);
                from = to;
            }
        }

        private void put(int id) {
            if (!isFull()) {
                ids[count++] = id;
            }
        }
    }
}
