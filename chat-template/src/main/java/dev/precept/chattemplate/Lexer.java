package dev.precept.chattemplate;

import dev.precept.chattemplate.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits a template into tokens. White space is handled as tokenizers configure it: {@code trim_blocks} and
 * {@code lstrip_blocks} are on, {@code -} strips all white space on its side, {@code +} none, and one line feed at the end of
 * the template is dropped.
 */
final class Lexer {
    private static final Pattern RAW = Pattern.compile("\\{%[-+]?\\s*raw\\s*(-?)%}");
    private static final Pattern END_RAW = Pattern.compile("\\{%([-+]?)\\s*endraw\\s*([-+]?)%}");

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;
    private int counted;
    private boolean atLineStart = true;

    private Lexer(String source) {
        this.source = source;
    }

    static List<Token> tokens(String template) throws TemplateSyntaxException {
        String source = template.replace("\r\n", "\n").replace('\r', '\n');
        Lexer lexer = new Lexer(source.endsWith("\n") ? source.substring(0, source.length() - 1) : source);
        lexer.run();
        return lexer.tokens;
    }

    private void run() throws TemplateSyntaxException {
        while (at < source.length()) {
            int open = nextOpen(at);
            if (open < 0) {
                add(Kind.DATA, source.substring(at), at);
                at = source.length();
                break;
            }
            data(source.substring(at, open), open, source.charAt(open + 1) != '{');
            Matcher raw = RAW.matcher(source).region(open, source.length());
            if (raw.lookingAt()) {
                at = raw.group(1).isEmpty() ? raw.end() : Whitespace.skipWhitespace(source, raw.end());
                raw();
            } else if (source.charAt(open + 1) == '#') {
                comment(open);
            } else {
                tag(open);
            }
        }
        add(Kind.END, "", source.length());
    }

    private int nextOpen(int from) {
        for (int open = source.indexOf('{', from); open >= 0; open = source.indexOf('{', open + 1)) {
            if (open + 1 < source.length() && "{%#".indexOf(source.charAt(open + 1)) >= 0) {
                return open;
            }
        }
        return -1;
    }

    /** Adds the text before a tag, without the white space that the tag strips. */
    private void data(String text, int open, boolean block) {
        char sign = open + 2 < source.length() ? source.charAt(open + 2) : ' ';
        String kept = text;
        if (sign == '-') {
            kept = Whitespace.stripEnd(text);
        } else if (sign != '+' && block) {
            int start = text.lastIndexOf('\n') + 1;
            if ((start > 0 || atLineStart) && Whitespace.skipWhitespace(text, start) == text.length()) {
                kept = text.substring(0, start);
            }
        }
        add(Kind.DATA, kept, at);
    }

    private void raw() throws TemplateSyntaxException {
        Matcher end = END_RAW.matcher(source);
        if (!end.find(at)) {
            throw new TemplateSyntaxException("unterminated 'raw'", lineOf(at));
        }
        data(source.substring(at, end.start()), end.start(), true);
        close(end.end(), end.group(2), true);
    }

    private void comment(int open) throws TemplateSyntaxException {
        int close = source.indexOf("#}", open + 2);
        if (close < 0) {
            throw new TemplateSyntaxException("unterminated comment", lineOf(open));
        }
        close(close + 2, source.substring(close - 1, close), true);
    }

    private void tag(int open) throws TemplateSyntaxException {
        boolean block = source.charAt(open + 1) == '%';
        add(block ? Kind.BLOCK_BEGIN : Kind.VARIABLE_BEGIN, source.substring(open, open + 2), open);
        int start = open + 2;
        boolean signed =
                start < source.length() && (source.charAt(start) == '-' || (source.charAt(start) == '+' && block));
        TagLexer inside = new TagLexer(source, signed ? start + 1 : start, block ? "%}" : "}}", this::lineOf);
        at = inside.run(tokens);
        add(block ? Kind.BLOCK_END : Kind.VARIABLE_END, block ? "%}" : "}}", at);
        close(at + inside.sign().length() + 2, inside.sign(), block);
    }

    /** Continues after a tag. */
    private void close(int end, String sign, boolean block) {
        at = end;
        if (sign.equals("-")) {
            at = Whitespace.skipWhitespace(source, at);
        } else if (block && !sign.equals("+") && source.startsWith("\n", at)) {
            at++;
        }
        atLineStart = at > 0 && source.charAt(at - 1) == '\n';
    }

    private void add(Kind kind, String text, int position) {
        if (kind != Kind.DATA || !text.isEmpty()) {
            tokens.add(new Token(kind, text, lineOf(position)));
        }
    }

    private int lineOf(int position) {
        for (; counted < position; counted++) {
            line += source.charAt(counted) == '\n' ? 1 : 0;
        }
        return line;
    }
}
