package dev.precept.chattemplate;

import dev.precept.chattemplate.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads literals, names, and what stands in brackets. */
final class PrimaryParser {
    private final TokenStream in;
    private final ExpressionParser expressions;

    PrimaryParser(TokenStream in, ExpressionParser expressions) {
        this.in = in;
        this.expressions = expressions;
    }

    @FunctionalInterface
    interface Part {
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

    /** Literals side by side are one. */
    private Expr text() {
        int line = in.line();
        StringBuilder text = new StringBuilder();
        while (in.sees(Kind.STRING)) {
            text.append(in.next().text());
        }
        return new Expr.Literal(Value.of(text.toString()), line);
    }

    private Expr bracketed() throws TemplateSyntaxException {
        int line = in.line();
        if (in.take("(")) {
            Expr inside = in.sees(")") ? new Expr.Items(List.of(), true, line) : tuple(expressions::expression);
            in.require(")");
            return inside;
        }
        if (in.take("[")) {
            List<Expr> items = new ArrayList<>();
            while (!in.take("]")) {
                items.add(expressions.expression());
                separated("]");
            }
            return new Expr.Items(items, false, line);
        }
        if (in.take("{")) {
            List<Map.Entry<Expr, Expr>> entries = new ArrayList<>();
            while (!in.take("}")) {
                Expr key = expressions.expression();
                in.require(":");
                entries.add(Map.entry(key, expressions.expression()));
                separated("}");
            }
            return new Expr.Entries(entries, line);
        }
        throw in.unexpected("an expression");
    }

    /** One part, or a tuple of parts. */
    Expr tuple(Part part) throws TemplateSyntaxException {
        int line = in.line();
        Expr first = part.read();
        if (!in.sees(",")) {
            return first;
        }
        List<Expr> items = new ArrayList<>(List.of(first));
        while (in.take(",") && !in.sees(")") && !in.sees(Kind.BLOCK_END) && !in.sees(Kind.VARIABLE_END)) {
            items.add(part.read());
        }
        return new Expr.Items(items, true, line);
    }

    private void separated(String close) throws TemplateSyntaxException {
        if (!in.sees(close)) {
            in.require(",");
        }
    }
}
