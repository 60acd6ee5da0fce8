package dev.precept.chattemplate;

import dev.precept.chattemplate.Token.Kind;
import java.util.List;

/** A cursor over the tokens of a template. */
final class TokenStream {
    private final List<Token> tokens;
    private int at;

    TokenStream(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token peek() {
        return tokens.get(at);
    }

    Token peekNext() {
        return tokens.get(Math.min(at + 1, tokens.size() - 1));
    }

    Token next() {
        Token token = tokens.get(at);
        at = Math.min(at + 1, tokens.size() - 1);
        return token;
    }

    int line() {
        return peek().line();
    }

    boolean isAt(Kind kind) {
        return peek().kind() == kind;
    }

    boolean isAt(String operator) {
        return peek().is(Kind.OPERATOR, operator);
    }

    boolean isAtName(String name) {
        return peek().is(Kind.NAME, name);
    }

    boolean accept(String operator) {
        boolean accepted = isAt(operator);
        at += accepted ? 1 : 0;
        return accepted;
    }

    boolean acceptName(String name) {
        boolean accepted = isAtName(name);
        at += accepted ? 1 : 0;
        return accepted;
    }

    void require(String operator) throws TemplateSyntaxException {
        if (!accept(operator)) {
            throw unexpected("'" + operator + "'");
        }
    }

    Token require(Kind kind, String wanted) throws TemplateSyntaxException {
        if (!isAt(kind)) {
            throw unexpected(wanted);
        }
        return next();
    }

    String name() throws TemplateSyntaxException {
        return require(Kind.NAME, "a name").text();
    }

    TemplateSyntaxException unexpected(String wanted) {
        return new TemplateSyntaxException("expected " + wanted + ", found " + peek().describe(), line());
    }
}
