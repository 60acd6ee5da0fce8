package dev.precept.spec;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads the files of a folder as UTF-8, up to a limit on their total size. */
final class SpecFiles {
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final Path folder;
    private final int limit;
    private final List<String> problems;
    private int read;
    private boolean complete = true;

    /** @param limit total size in bytes */
    SpecFiles(Path folder, int limit, List<String> problems) {
        this.folder = folder;
        this.limit = limit;
        this.problems = problems;
    }

    /** The Markdown files directly in the folder, sorted by name, without hidden files. */
    List<Path> markdown() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> name(file).endsWith(".md") && !name(file).startsWith("."))
                    .sorted(Comparator.comparing(SpecFiles::name))
                    .toList();
        }
    }

    /** Whether every requested file could be read. */
    boolean complete() {
        return complete;
    }

    /** Returns a file's text; empty, with a new problem, if it cannot be read, and always empty above the limit. */
    Optional<String> text(Path file) {
        if (read > limit) {
            return Optional.empty();
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(limit - read + 1);
        } catch (IOException e) {
            return unread(file + ": cannot be read (" + e.getClass().getSimpleName() + "); check its permissions");
        }
        read += bytes.length;
        if (read > limit) {
            return unread(
                    folder + ": its files have more than " + (limit >> 20) + " MiB; keep only the specification there");
        }
        return decoded(file, bytes);
    }

    private Optional<String> decoded(Path file, byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            int line = 1;
            for (int i = 0; i < in.position(); i++) {
                line += bytes[i] == '\n' ? 1 : 0;
            }
            return unread(file + ":" + line + ": not UTF-8; save the file in UTF-8");
        }
        String text = out.flip().toString();
        return Optional.of(text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text);
    }

    private Optional<String> unread(String problem) {
        complete = false;
        problems.add(problem);
        return Optional.empty();
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }
}
