package dev.precept.chattemplate;

import dev.precept.chattemplate.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Parses literals, names, and expressions in brackets. */
final class PrimaryParser {
    private final TokenStream in;
    private final ExpressionParser expressions;

    PrimaryParser(TokenStream in, ExpressionParser expressions) {
        this.in = in;
        this.expressions = expressions;
    }

    @FunctionalInterface
    interface ExpressionReader {
        Expr read() throws TemplateSyntaxException;
    }

    Expr read() throws TemplateSyntaxException {
        Token token = in.peek();
        return switch (token.kind()) {
            case NAME -> name(in.next());
            case STRING -> text();
            case WHOLE -> whole(in.next());
            case REAL ->
                new Expr.Literal(
                        new Value.Real(Double.parseDouble(in.next().text().replace("_", ""))), token.line());
            default -> bracketed();
        };
    }

    private static Expr name(Token token) {
        return switch (token.text()) {
            case "true", "True" -> new Expr.Literal(Value.of(true), token.line());
            case "false", "False" -> new Expr.Literal(Value.of(false), token.line());
            case "none", "None" -> new Expr.Literal(Value.NONE, token.line());
            default -> new Expr.Name(token.text(), token.line());
        };
    }

    private static Expr whole(Token token) throws TemplateSyntaxException {
        try {
            return new Expr.Literal(Value.of(Long.parseLong(token.text().replace("_", ""))), token.line());
        } catch (NumberFormatException tooLarge) {
            throw new TemplateSyntaxException("the number " + token.text() + " is too large", token.line());
        }
    }

    /** Adjacent string literals are concatenated. */
    private Expr text() {
        int line = in.line();
        StringBuilder text = new StringBuilder();
        while (in.isAt(Kind.STRING)) {
            text.append(in.next().text());
        }
        return new Expr.Literal(Value.of(text.toString()), line);
    }

    private Expr bracketed() throws TemplateSyntaxException {
        int line = in.line();
        if (in.accept("(")) {
            Expr inside = in.isAt(")") ? new Expr.Items(List.of(), true, line) : tuple(expressions::expression);
            in.require(")");
            return inside;
        }
        if (in.accept("[")) {
            List<Expr> items = new ArrayList<>();
            while (!in.accept("]")) {
                items.add(expressions.expression());
                separator("]");
            }
            return new Expr.Items(items, false, line);
        }
        if (in.accept("{")) {
            List<Map.Entry<Expr, Expr>> entries = new ArrayList<>();
            while (!in.accept("}")) {
                Expr key = expressions.expression();
                in.require(":");
                entries.add(Map.entry(key, expressions.expression()));
                separator("}");
            }
            return new Expr.Entries(entries, line);
        }
        throw in.unexpected("an expression");
    }

    /** One expression, or a tuple. */
    Expr tuple(ExpressionReader reader) throws TemplateSyntaxException {
        int line = in.line();
        Expr first = reader.read();
        if (!in.isAt(",")) {
            return first;
        }
        List<Expr> items = new ArrayList<>(List.of(first));
        while (in.accept(",") && !in.isAt(")") && !in.isAt(Kind.BLOCK_END) && !in.isAt(Kind.VARIABLE_END)) {
            items.add(reader.read());
        }
        return new Expr.Items(items, true, line);
    }

    private void separator(String close) throws TemplateSyntaxException {
        if (!in.isAt(close)) {
            in.require(",");
        }
    }
}
