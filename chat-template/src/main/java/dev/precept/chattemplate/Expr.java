package dev.precept.chattemplate;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An expression. {@code line} is its line in the template. */
sealed interface Expr {
    int line();

    record Literal(Value value, int line) implements Expr {}

    record Name(String name, int line) implements Expr {}

    record Items(List<Expr> items, boolean tuple, int line) implements Expr {}

    record Entries(List<Map.Entry<Expr, Expr>> entries, int line) implements Expr {}

    record Attribute(Expr target, String name, int line) implements Expr {}

    record Item(Expr target, Expr index, int line) implements Expr {}

    record Slice(
            Expr target,
            @Nullable Expr from,
            @Nullable Expr to,
            @Nullable Expr step,
            int line) implements Expr {}

    record Call(Expr target, ArgumentList arguments, int line) implements Expr {}

    /** @param target null for the filter of a block */
    record Filter(@Nullable Expr target, String name, ArgumentList arguments, int line) implements Expr {}

    record Test(Expr target, String name, ArgumentList arguments, int line) implements Expr {}

    record Negative(Expr operand, int line) implements Expr {}

    record Not(Expr operand, int line) implements Expr {}

    record And(Expr left, Expr right, int line) implements Expr {}

    record Or(Expr left, Expr right, int line) implements Expr {}

    record Binary(String operator, Expr left, Expr right, int line) implements Expr {}

    /** {@code a < b < c}: each operand is compared with the previous one. */
    record Comparison(Expr first, List<Link> links, int line) implements Expr {}

    record Link(String operator, Expr operand) {}

    record Conditional(Expr test, Expr yes, @Nullable Expr no, int line) implements Expr {}

    /** The arguments of a call. */
    record ArgumentList(List<Expr> positional, Map<String, Expr> named) {
        static final ArgumentList EMPTY = new ArgumentList(List.of(), Map.of());
    }
}
