package dev.precept.chattemplate;

import dev.precept.chattemplate.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parses expressions, lowest precedence first. */
final class ExpressionParser {
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
    private static final Set<String> NO_ARGUMENT = Set.of("else", "or", "and", "is", "in", "if", "not", "recursive");
    private static final List<List<String>> BINARY =
            List.of(List.of("+", "-"), List.of("~"), List.of("*", "/", "//", "%"), List.of("**"));
    private static final int MAX_DEPTH = 100;

    private final TokenStream in;
    private final PrimaryParser primary;
    private int depth;

    ExpressionParser(TokenStream in) {
        this.in = in;
        this.primary = new PrimaryParser(in, this);
    }

    Expr expression() throws TemplateSyntaxException {
        enter();
        Expr left = or();
        while (in.isAtName("if")) {
            int line = in.next().line();
            Expr test = or();
            left = new Expr.Conditional(test, left, in.acceptName("else") ? expression() : null, line);
        }
        depth--;
        return left;
    }

    private void enter() throws TemplateSyntaxException {
        if (++depth > MAX_DEPTH) {
            throw new TemplateSyntaxException("an expression is nested more than " + MAX_DEPTH + " deep", in.line());
        }
    }

    /** An expression, or a tuple without parentheses. */
    Expr expressions() throws TemplateSyntaxException {
        return primary.tuple(this::expression);
    }

    /** As {@link #expressions}, without {@code a if b else c}: here {@code if} belongs to the loop. */
    Expr unconditional() throws TemplateSyntaxException {
        return primary.tuple(this::or);
    }

    private Expr or() throws TemplateSyntaxException {
        Expr left = and();
        while (in.isAtName("or")) {
            int line = in.next().line();
            left = new Expr.Or(left, and(), line);
        }
        return left;
    }

    private Expr and() throws TemplateSyntaxException {
        Expr left = not();
        while (in.isAtName("and")) {
            int line = in.next().line();
            left = new Expr.And(left, not(), line);
        }
        return left;
    }

    private Expr not() throws TemplateSyntaxException {
        int line = in.line();
        int nots = 0;
        while (in.acceptName("not")) {
            nots++;
        }
        Expr operand = comparison();
        for (; nots > 0; nots--) {
            operand = new Expr.Not(operand, line);
        }
        return operand;
    }

    private Expr comparison() throws TemplateSyntaxException {
        int line = in.line();
        Expr first = binary(0);
        List<Expr.Link> links = new ArrayList<>();
        for (String operator = comparisonOperator(); operator != null; operator = comparisonOperator()) {
            links.add(new Expr.Link(operator, binary(0)));
        }
        return links.isEmpty() ? first : new Expr.Comparison(first, links, line);
    }

    private @Nullable String comparisonOperator() {
        if (in.isAt(Kind.OPERATOR) && COMPARISONS.contains(in.peek().text())) {
            return in.next().text();
        }
        if (in.acceptName("in")) {
            return "in";
        }
        if (in.isAtName("not") && in.peekNext().is(Kind.NAME, "in")) {
            in.next();
            in.next();
            return "not in";
        }
        return null;
    }

    private Expr binary(int level) throws TemplateSyntaxException {
        if (level == BINARY.size()) {
            return unary(true);
        }
        Expr left = binary(level + 1);
        while (in.isAt(Kind.OPERATOR) && BINARY.get(level).contains(in.peek().text())) {
            Token operator = in.next();
            left = new Expr.Binary(operator.text(), left, binary(level + 1), operator.line());
        }
        return left;
    }

    private Expr unary(boolean withFilters) throws TemplateSyntaxException {
        enter();
        int line = in.line();
        Expr operand;
        if (in.accept("-")) {
            operand = new Expr.Negative(unary(false), line);
        } else if (in.accept("+")) {
            operand = unary(false);
        } else {
            operand = primary.read();
        }
        operand = postfix(operand);
        depth--;
        return withFilters ? filters(operand) : operand;
    }

    private Expr postfix(Expr start) throws TemplateSyntaxException {
        Expr target = start;
        while (true) {
            int line = in.line();
            if (in.accept(".")) {
                target = in.isAt(Kind.WHOLE)
                        ? new Expr.Item(target, primary.read(), line)
                        : new Expr.Attribute(target, in.name(), line);
            } else if (in.accept("[")) {
                target = subscript(target, line);
            } else if (in.isAt("(")) {
                target = new Expr.Call(target, arguments(), line);
            } else {
                return target;
            }
        }
    }

    private Expr subscript(Expr target, int line) throws TemplateSyntaxException {
        Expr from = in.isAt(":") ? null : expression();
        if (from != null && in.accept("]")) {
            return new Expr.Item(target, from, line);
        }
        in.require(":");
        Expr to = in.isAt(":") || in.isAt("]") ? null : expression();
        Expr step = in.accept(":") && !in.isAt("]") ? expression() : null;
        in.require("]");
        return new Expr.Slice(target, from, to, step, line);
    }

    private Expr filters(Expr start) throws TemplateSyntaxException {
        Expr target = start;
        while (true) {
            if (in.isAt("|")) {
                target = filter(target);
            } else if (in.isAtName("is")) {
                target = test(target);
            } else if (in.isAt("(")) {
                target = new Expr.Call(target, arguments(), in.line());
            } else {
                return target;
            }
        }
    }

    Expr.Filter filter(@Nullable Expr target) throws TemplateSyntaxException {
        in.accept("|");
        int line = in.line();
        String name = in.name();
        if (!Filters.known(name)) {
            throw new TemplateSyntaxException("unknown filter '" + name + "'", line);
        }
        return new Expr.Filter(target, name, in.isAt("(") ? arguments() : Expr.ArgumentList.EMPTY, line);
    }

    private Expr test(Expr target) throws TemplateSyntaxException {
        int line = in.next().line();
        boolean not = in.acceptName("not");
        String name = in.name();
        if (!JinjaTests.known(name)) {
            throw new TemplateSyntaxException("unknown test '" + name + "'", line);
        }
        Expr.ArgumentList arguments = Expr.ArgumentList.EMPTY;
        if (in.isAt("(")) {
            arguments = arguments();
        } else if (argumentFollows()) {
            arguments = new Expr.ArgumentList(List.of(postfix(primary.read())), Map.of());
        } else if (in.isAtName("is")) {
            throw in.unexpected("no test of a test");
        }
        Expr test = new Expr.Test(target, name, arguments, line);
        return not ? new Expr.Not(test, line) : test;
    }

    private boolean argumentFollows() {
        return switch (in.peek().kind()) {
            case STRING, WHOLE, REAL -> true;
            case NAME -> !NO_ARGUMENT.contains(in.peek().text());
            default -> in.isAt("[") || in.isAt("{");
        };
    }

    Expr.ArgumentList arguments() throws TemplateSyntaxException {
        in.require("(");
        List<Expr> positional = new ArrayList<>();
        Map<String, Expr> named = new LinkedHashMap<>();
        while (!in.accept(")")) {
            if (in.isAt(Kind.NAME) && in.peekNext().is(Kind.OPERATOR, "=")) {
                String name = in.name();
                in.next();
                named.put(name, expression());
            } else if (named.isEmpty()) {
                positional.add(expression());
            } else {
                throw in.unexpected("a named argument");
            }
            if (!in.isAt(")")) {
                in.require(",");
            }
        }
        return new Expr.ArgumentList(positional, named);
    }
}
