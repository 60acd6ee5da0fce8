package dev.precept.chattemplate;

import dev.precept.chattemplate.Token.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Parses statements. */
final class StatementParser {
    private static final int MAX_DEPTH = 60;

    private final TokenStream in;
    private final ExpressionParser expressions;
    private int depth;
    private int loops;

    private StatementParser(TokenStream in) {
        this.in = in;
        this.expressions = new ExpressionParser(in);
    }

    static List<Node> parse(List<Token> tokens) throws TemplateSyntaxException {
        StatementParser parser = new StatementParser(new TokenStream(tokens));
        List<Node> nodes = parser.body();
        if (!parser.in.isAt(Kind.END)) {
            throw parser.in.unexpected("a statement");
        }
        return nodes;
    }

    /** Parses up to one of these keywords, which is then the next token. */
    private List<Node> body(String... ends) throws TemplateSyntaxException {
        int line = in.line();
        if (++depth > MAX_DEPTH) {
            throw new TemplateSyntaxException("statements are nested more than " + MAX_DEPTH + " deep", line);
        }
        List<Node> nodes = new ArrayList<>();
        while (!in.isAt(Kind.END)) {
            if (in.isAt(Kind.DATA)) {
                nodes.add(new Node.Data(in.next().text()));
            } else if (in.isAt(Kind.VARIABLE_BEGIN)) {
                in.next();
                nodes.add(new Node.Output(expressions.expressions()));
                in.require(Kind.VARIABLE_END, "'}}'");
            } else {
                in.require(Kind.BLOCK_BEGIN, "a statement");
                if (in.isAt(Kind.NAME) && Arrays.asList(ends).contains(in.peek().text())) {
                    depth--;
                    return nodes;
                }
                nodes.addAll(statement());
            }
        }
        if (ends.length > 0) {
            throw new TemplateSyntaxException(
                    "expected '" + ends[ends.length - 1] + "', found the end of the template", line);
        }
        return nodes;
    }

    /** Parses a body and its end tag. */
    private List<Node> bodyTo(String end) throws TemplateSyntaxException {
        close();
        List<Node> nodes = body(end);
        in.next();
        close();
        return nodes;
    }

    private void close() throws TemplateSyntaxException {
        in.require(Kind.BLOCK_END, "'%}'");
    }

    private List<Node> statement() throws TemplateSyntaxException {
        Token word = in.require(Kind.NAME, "a statement");
        return switch (word.text()) {
            case "if" -> List.of(condition());
            case "for" -> List.of(loop());
            case "set" -> List.of(set());
            case "macro" -> List.of(macro());
            case "call" -> List.of(call());
            case "filter" -> List.of(filter());
            case "with" -> List.of(with());
            case "generation" -> bodyTo("endgeneration");
            case "break", "continue" -> List.of(jump(word));
            default -> throw new TemplateSyntaxException("unknown statement '" + word.text() + "'", word.line());
        };
    }

    private Node condition() throws TemplateSyntaxException {
        List<Node.Branch> branches = new ArrayList<>();
        String word = "elif";
        List<Node> elseBody = List.of();
        while (word.equals("elif")) {
            Expr test = expressions.expressions();
            close();
            branches.add(new Node.Branch(test, body("elif", "else", "endif")));
            word = in.next().text();
        }
        if (word.equals("else")) {
            close();
            elseBody = body("endif");
            in.next();
        }
        close();
        return new Node.If(branches, elseBody);
    }

    private Node loop() throws TemplateSyntaxException {
        List<String> targets = targets();
        if (!in.acceptName("in")) {
            throw in.unexpected("'in'");
        }
        Expr items = expressions.unconditional();
        Expr condition = in.acceptName("if") ? expressions.expression() : null;
        close();
        loops++;
        List<Node> body = body("else", "endfor");
        loops--;
        List<Node> elseBody = List.of();
        if (in.next().text().equals("else")) {
            close();
            elseBody = body("endfor");
            in.next();
        }
        close();
        return new Node.For(targets, items, condition, body, elseBody);
    }

    private List<String> targets() throws TemplateSyntaxException {
        boolean parenthesized = in.accept("(");
        List<String> targets = new ArrayList<>(List.of(in.name()));
        while (in.accept(",") && in.isAt(Kind.NAME) && !in.isAtName("in")) {
            targets.add(in.name());
        }
        if (parenthesized) {
            in.require(")");
        }
        return targets;
    }

    private Node set() throws TemplateSyntaxException {
        int line = in.line();
        if (in.peekNext().is(Kind.OPERATOR, ".")) {
            String namespace = in.name();
            in.next();
            String member = in.name();
            in.require("=");
            Expr value = expressions.expressions();
            close();
            return new Node.SetMember(namespace, member, value, line);
        }
        List<String> targets = targets();
        if (in.accept("=")) {
            Expr value = expressions.expressions();
            close();
            return new Node.Set(targets, value);
        }
        List<Expr.Filter> filters = in.isAt("|") ? filters() : List.of();
        return new Node.SetBlock(targets.getFirst(), filters, bodyTo("endset"));
    }

    private List<Expr.Filter> filters() throws TemplateSyntaxException {
        List<Expr.Filter> filters = new ArrayList<>(List.of(expressions.filter(null)));
        while (in.isAt("|")) {
            filters.add(expressions.filter(null));
        }
        return filters;
    }

    private Node.Macro macro() throws TemplateSyntaxException {
        String name = in.name();
        return new Node.Macro(name, parameters(), separateBody("endmacro"));
    }

    /** A body that is not part of the enclosing loops. */
    private List<Node> separateBody(String end) throws TemplateSyntaxException {
        int enclosing = loops;
        loops = 0;
        List<Node> body = bodyTo(end);
        loops = enclosing;
        return body;
    }

    private List<Node.Parameter> parameters() throws TemplateSyntaxException {
        List<Node.Parameter> parameters = new ArrayList<>();
        in.require("(");
        while (!in.accept(")")) {
            String name = in.name();
            parameters.add(new Node.Parameter(name, in.accept("=") ? expressions.expression() : null));
            if (!in.isAt(")")) {
                in.require(",");
            }
        }
        return parameters;
    }

    private Node call() throws TemplateSyntaxException {
        List<Node.Parameter> parameters = in.isAt("(") ? parameters() : List.of();
        if (!(expressions.expression() instanceof Expr.Call call)) {
            throw in.unexpected("a call");
        }
        return new Node.CallBlock(new Node.Macro("caller", parameters, separateBody("endcall")), call);
    }

    private Node filter() throws TemplateSyntaxException {
        List<Expr.Filter> filters = filters();
        return new Node.FilterBlock(filters, bodyTo("endfilter"));
    }

    private Node with() throws TemplateSyntaxException {
        List<Node.Set> sets = new ArrayList<>();
        while (!in.isAt(Kind.BLOCK_END)) {
            String name = in.name();
            in.require("=");
            sets.add(new Node.Set(List.of(name), expressions.expression()));
            in.accept(",");
        }
        return new Node.With(sets, bodyTo("endwith"));
    }

    private Node jump(Token word) throws TemplateSyntaxException {
        if (loops == 0) {
            throw new TemplateSyntaxException("'" + word.text() + "' outside of a loop", word.line());
        }
        close();
        return word.text().equals("break") ? new Node.Break() : new Node.Continue();
    }
}
