package dev.precept.cli.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A page of the documentation: its fenced blocks, code spans and links. */
record MarkdownPage(Path path, String text) {
    static final Path ROOT = Path.of(System.getProperty("precept.root", "."));

    private static final Pattern SPAN = Pattern.compile("`([^`]+)`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern FENCE = Pattern.compile("```(.*)");

    /**
     * @param info the words after the fence: the language, then {@code not-run} or {@code needs-python}
     * @param line of the opening fence, from 1
     */
    record Block(MarkdownPage page, int line, List<String> info, String text) {
        String language() {
            return info.getFirst();
        }

        /** Whether the page's test does not run it: it needs a server or a program of another project. */
        boolean notRun() {
            return info.contains("not-run");
        }

        /** Whether it is run only where {@code PRECEPT_PYTHON} names a Python with torch and TRL. */
        boolean needsPython() {
            return info.contains("needs-python");
        }

        String where() {
            return ROOT.relativize(page.path) + ":" + line;
        }
    }

    static MarkdownPage read(Path path) {
        try {
            return new MarkdownPage(path, Files.readString(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static MarkdownPage read(String path) {
        return read(ROOT.resolve(path));
    }

    /** All pages for users and operators; decisions and the changelog are history. */
    static List<MarkdownPage> all() throws IOException {
        List<MarkdownPage> pages = new ArrayList<>();
        for (String top :
                List.of("README.md", "SECURITY.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "starter/README.md")) {
            pages.add(read(top));
        }
        try (Stream<Path> below = Files.walk(ROOT.resolve("docs"))) {
            below.filter(path -> path.toString().endsWith(".md"))
                    .filter(path -> !path.toString().contains("/decisions/"))
                    .sorted()
                    .map(MarkdownPage::read)
                    .forEach(pages::add);
        }
        return pages;
    }

    List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        List<String> lines = text.lines().toList();
        @Nullable List<String> info = null;
        int opened = 0;
        StringBuilder block = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            Matcher fence = FENCE.matcher(lines.get(i));
            if (!fence.matches()) {
                if (info != null) {
                    block.append(lines.get(i)).append('\n');
                }
            } else if (info == null) {
                info = List.of(fence.group(1).strip().split(" +"));
                opened = i + 1;
                block.setLength(0);
            } else {
                blocks.add(new Block(this, opened, info, block.toString()));
                info = null;
            }
        }
        return blocks;
    }

    /** The code spans outside of blocks, each on one line. */
    List<String> spans() {
        return matches(SPAN, withoutBlocks().replaceAll("\\n(?!\\n)\\s*", " "));
    }

    List<String> links() {
        return matches(LINK, withoutBlocks());
    }

    String withoutBlocks() {
        return text.replaceAll("(?ms)^```.*?^```$", "");
    }

    private static List<String> matches(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(match -> match.group(1)).toList();
    }
}
