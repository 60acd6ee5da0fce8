package dev.precept.chattemplate;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An expression. Its line is where it stands in the template. */
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

    record Call(Expr target, Given given, int line) implements Expr {}

    /** @param target null where a block is filtered */
    record Filter(@Nullable Expr target, String name, Given given, int line) implements Expr {}

    record Test(Expr target, String name, Given given, int line) implements Expr {}

    record Negative(Expr operand, int line) implements Expr {}

    record Not(Expr operand, int line) implements Expr {}

    record Both(Expr left, Expr right, int line) implements Expr {}

    record Either(Expr left, Expr right, int line) implements Expr {}

    record Binary(String operator, Expr left, Expr right, int line) implements Expr {}

    /** {@code a < b < c}: each link against the one before. */
    record Comparison(Expr first, List<Link> links, int line) implements Expr {}

    record Link(String operator, Expr operand) {}

    record Conditional(Expr test, Expr yes, @Nullable Expr no, int line) implements Expr {}

    /** What stands between the brackets of a call. */
    record Given(List<Expr> positional, Map<String, Expr> named) {
        static final Given NOTHING = new Given(List.of(), Map.of());
    }
}
