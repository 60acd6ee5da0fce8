package dev.precept.chattemplate;

import dev.precept.chattemplate.Token.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Splits one tag into tokens. */
final class TagLexer {
    private static final Pattern REAL =
            Pattern.compile("[0-9][0-9_]*(\\.[0-9][0-9_]*)?[eE][-+]?[0-9]+|[0-9][0-9_]*\\.[0-9][0-9_]*");
    private static final Pattern WHOLE = Pattern.compile("[0-9][0-9_]*");
    private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]*");
    private static final Pattern OPERATOR = Pattern.compile("\\*\\*|//|==|!=|<=|>=|[-+*/%~<>=.,:|()\\[\\]{}]");

    private final String source;
    private final String close;
    private final IntUnaryOperator lines;
    private final Deque<Character> brackets = new ArrayDeque<>();
    private int at;
    private String sign = "";

    TagLexer(String source, int from, String close, IntUnaryOperator lines) {
        this.source = source;
        this.at = from;
        this.close = close;
        this.lines = lines;
    }

    /** @return the index of the tag's end, its sign included */
    int run(List<Token> tokens) throws TemplateSyntaxException {
        while (true) {
            at = Whitespace.skipWhitespace(source, at);
            if (at >= source.length()) {
                throw new TemplateSyntaxException("unterminated tag", lines.applyAsInt(source.length()));
            }
            if (brackets.isEmpty() && ends()) {
                return at;
            }
            tokens.add(next());
        }
    }

    /** The {@code -} or {@code +} before the tag's end. */
    String sign() {
        return sign;
    }

    private boolean ends() {
        char first = source.charAt(at);
        boolean signed = (first == '-' || (first == '+' && close.equals("%}"))) && source.startsWith(close, at + 1);
        sign = signed ? String.valueOf(first) : "";
        return signed || source.startsWith(close, at);
    }

    private Token next() throws TemplateSyntaxException {
        int line = lines.applyAsInt(at);
        char first = source.charAt(at);
        if (first == '\'' || first == '"') {
            int end = endOfString(first, line);
            String text = Escapes.resolve(source.substring(at + 1, end));
            at = end + 1;
            return new Token(Kind.STRING, text, line);
        }
        for (Kind kind : List.of(Kind.REAL, Kind.WHOLE, Kind.NAME, Kind.OPERATOR)) {
            Matcher matcher = pattern(kind).matcher(source).region(at, source.length());
            if (matcher.lookingAt()) {
                at = matcher.end();
                if (kind == Kind.OPERATOR) {
                    balance(matcher.group(), line);
                }
                return new Token(kind, matcher.group(), line);
            }
        }
        throw new TemplateSyntaxException(
                "'" + Character.toString(source.codePointAt(at)) + "' is not allowed in a tag", line);
    }

    private static Pattern pattern(Kind kind) {
        return switch (kind) {
            case REAL -> REAL;
            case WHOLE -> WHOLE;
            case NAME -> NAME;
            default -> OPERATOR;
        };
    }

    private int endOfString(char quote, int line) throws TemplateSyntaxException {
        for (int end = at + 1; end < source.length(); end++) {
            if (source.charAt(end) == quote) {
                return end;
            }
            end += source.charAt(end) == '\\' ? 1 : 0;
        }
        throw new TemplateSyntaxException("unterminated string", line);
    }

    private void balance(String operator, int line) throws TemplateSyntaxException {
        char bracket = operator.charAt(0);
        int opens = "([{".indexOf(bracket);
        int closes = ")]}".indexOf(bracket);
        if (opens >= 0) {
            brackets.push(")]}".charAt(opens));
        } else if (closes >= 0 && (brackets.isEmpty() || brackets.pop() != bracket)) {
            throw new TemplateSyntaxException("unmatched '" + operator + "'", line);
        }
    }
}
