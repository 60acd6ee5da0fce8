package dev.precept.chattemplate;

import dev.precept.chattemplate.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads expressions, loosest binding first. */
final class ExpressionParser {
    private static final Set<String> COMPARING = Set.of("==", "!=", "<", "<=", ">", ">=");
    private static final Set<String> NO_ARGUMENT = Set.of("else", "or", "and", "is", "in", "if", "not", "recursive");
    private static final List<List<String>> BINARY =
            List.of(List.of("+", "-"), List.of("~"), List.of("*", "/", "//", "%"), List.of("**"));
    private static final int MOST_DEPTH = 100;

    private final TokenStream in;
    private final PrimaryParser primary;
    private int depth;

    ExpressionParser(TokenStream in) {
        this.in = in;
        this.primary = new PrimaryParser(in, this);
    }

    Expr expression() throws TemplateSyntaxException {
        deeper();
        Expr left = either();
        while (in.seesName("if")) {
            int line = in.next().line();
            Expr test = either();
            left = new Expr.Conditional(test, left, in.takeName("else") ? expression() : null, line);
        }
        depth--;
        return left;
    }

    private void deeper() throws TemplateSyntaxException {
        if (++depth > MOST_DEPTH) {
            throw new TemplateSyntaxException("an expression is nested more than " + MOST_DEPTH + " deep", in.line());
        }
    }

    /** An expression, or a tuple without brackets. */
    Expr expressions() throws TemplateSyntaxException {
        return primary.tuple(this::expression);
    }

    /** The same without {@code a if b else c}, whose {@code if} would be the loop's. */
    Expr unconditional() throws TemplateSyntaxException {
        return primary.tuple(this::either);
    }

    private Expr either() throws TemplateSyntaxException {
        Expr left = both();
        while (in.seesName("or")) {
            int line = in.next().line();
            left = new Expr.Either(left, both(), line);
        }
        return left;
    }

    private Expr both() throws TemplateSyntaxException {
        Expr left = not();
        while (in.seesName("and")) {
            int line = in.next().line();
            left = new Expr.Both(left, not(), line);
        }
        return left;
    }

    private Expr not() throws TemplateSyntaxException {
        int line = in.line();
        int nots = 0;
        while (in.takeName("not")) {
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
        for (String operator = comparing(); operator != null; operator = comparing()) {
            links.add(new Expr.Link(operator, binary(0)));
        }
        return links.isEmpty() ? first : new Expr.Comparison(first, links, line);
    }

    private @Nullable String comparing() {
        if (in.sees(Kind.OPERATOR) && COMPARING.contains(in.peek().text())) {
            return in.next().text();
        }
        if (in.takeName("in")) {
            return "in";
        }
        if (in.seesName("not") && in.ahead().is(Kind.NAME, "in")) {
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
        while (in.sees(Kind.OPERATOR) && BINARY.get(level).contains(in.peek().text())) {
            Token operator = in.next();
            left = new Expr.Binary(operator.text(), left, binary(level + 1), operator.line());
        }
        return left;
    }

    private Expr unary(boolean filtered) throws TemplateSyntaxException {
        deeper();
        int line = in.line();
        Expr operand;
        if (in.take("-")) {
            operand = new Expr.Negative(unary(false), line);
        } else if (in.take("+")) {
            operand = unary(false);
        } else {
            operand = primary.read();
        }
        operand = postfix(operand);
        depth--;
        return filtered ? filtered(operand) : operand;
    }

    private Expr postfix(Expr start) throws TemplateSyntaxException {
        Expr target = start;
        while (true) {
            int line = in.line();
            if (in.take(".")) {
                target = in.sees(Kind.WHOLE)
                        ? new Expr.Item(target, primary.read(), line)
                        : new Expr.Attribute(target, in.name(), line);
            } else if (in.take("[")) {
                target = subscript(target, line);
            } else if (in.sees("(")) {
                target = new Expr.Call(target, given(), line);
            } else {
                return target;
            }
        }
    }

    private Expr subscript(Expr target, int line) throws TemplateSyntaxException {
        Expr from = in.sees(":") ? null : expression();
        if (from != null && in.take("]")) {
            return new Expr.Item(target, from, line);
        }
        in.require(":");
        Expr to = in.sees(":") || in.sees("]") ? null : expression();
        Expr step = in.take(":") && !in.sees("]") ? expression() : null;
        in.require("]");
        return new Expr.Slice(target, from, to, step, line);
    }

    private Expr filtered(Expr start) throws TemplateSyntaxException {
        Expr target = start;
        while (true) {
            if (in.sees("|")) {
                target = filter(target);
            } else if (in.seesName("is")) {
                target = test(target);
            } else if (in.sees("(")) {
                target = new Expr.Call(target, given(), in.line());
            } else {
                return target;
            }
        }
    }

    Expr.Filter filter(@Nullable Expr target) throws TemplateSyntaxException {
        in.take("|");
        int line = in.line();
        String name = in.name();
        if (!Filters.known(name)) {
            throw new TemplateSyntaxException("there is no filter '" + name + "' here", line);
        }
        return new Expr.Filter(target, name, in.sees("(") ? given() : Expr.Given.NOTHING, line);
    }

    private Expr test(Expr target) throws TemplateSyntaxException {
        int line = in.next().line();
        boolean not = in.takeName("not");
        String name = in.name();
        if (!JinjaTests.known(name)) {
            throw new TemplateSyntaxException("there is no test '" + name + "' here", line);
        }
        Expr.Given given = Expr.Given.NOTHING;
        if (in.sees("(")) {
            given = given();
        } else if (argumentFollows()) {
            given = new Expr.Given(List.of(postfix(primary.read())), Map.of());
        } else if (in.seesName("is")) {
            throw in.unexpected("no test of a test");
        }
        Expr test = new Expr.Test(target, name, given, line);
        return not ? new Expr.Not(test, line) : test;
    }

    private boolean argumentFollows() {
        return switch (in.peek().kind()) {
            case STRING, WHOLE, REAL -> true;
            case NAME -> !NO_ARGUMENT.contains(in.peek().text());
            default -> in.sees("[") || in.sees("{");
        };
    }

    Expr.Given given() throws TemplateSyntaxException {
        in.require("(");
        List<Expr> positional = new ArrayList<>();
        Map<String, Expr> named = new LinkedHashMap<>();
        while (!in.take(")")) {
            if (in.sees(Kind.NAME) && in.ahead().is(Kind.OPERATOR, "=")) {
                String name = in.name();
                in.next();
                named.put(name, expression());
            } else if (named.isEmpty()) {
                positional.add(expression());
            } else {
                throw in.unexpected("a named argument");
            }
            if (!in.sees(")")) {
                in.require(",");
            }
        }
        return new Expr.Given(positional, named);
    }
}
