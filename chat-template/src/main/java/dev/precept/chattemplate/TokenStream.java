package dev.precept.chattemplate;

import dev.precept.chattemplate.Token.Kind;
import java.util.List;

/** The tokens of a template, read one after another. */
final class TokenStream {
    private final List<Token> tokens;
    private int at;

    TokenStream(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token peek() {
        return tokens.get(at);
    }

    Token ahead() {
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

    boolean sees(Kind kind) {
        return peek().kind() == kind;
    }

    boolean sees(String operator) {
        return peek().is(Kind.OPERATOR, operator);
    }

    boolean seesName(String name) {
        return peek().is(Kind.NAME, name);
    }

    boolean take(String operator) {
        boolean there = sees(operator);
        at += there ? 1 : 0;
        return there;
    }

    boolean takeName(String name) {
        boolean there = seesName(name);
        at += there ? 1 : 0;
        return there;
    }

    void require(String operator) throws TemplateSyntaxException {
        if (!take(operator)) {
            throw unexpected("'" + operator + "'");
        }
    }

    Token require(Kind kind, String wanted) throws TemplateSyntaxException {
        if (!sees(kind)) {
            throw unexpected(wanted);
        }
        return next();
    }

    String name() throws TemplateSyntaxException {
        return require(Kind.NAME, "a name").text();
    }

    TemplateSyntaxException unexpected(String wanted) {
        return new TemplateSyntaxException("expected " + wanted + ", found " + peek().shown(), line());
    }
}
