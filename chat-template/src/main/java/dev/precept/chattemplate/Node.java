package dev.precept.chattemplate;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement, or the text between statements. */
sealed interface Node {
    record Data(String text) implements Node {}

    record Output(Expr expr) implements Node {}

    record If(List<Branch> branches, List<Node> elseBody) implements Node {}

    record Branch(Expr test, List<Node> body) {}

    /** @param condition of an item; null for all items */
    record For(List<String> targets, Expr items, @Nullable Expr condition, List<Node> body, List<Node> elseBody)
            implements Node {}

    record Set(List<String> targets, Expr value) implements Node {}

    record SetMember(String namespace, String member, Expr value, int line) implements Node {}

    /** @param filters applied in order to the output of the body */
    record SetBlock(String target, List<Expr.Filter> filters, List<Node> body) implements Node {}

    record Macro(String name, List<Parameter> parameters, List<Node> body) implements Node {}

    record Parameter(String name, @Nullable Expr defaultValue) {}

    /** Calls a macro with a body, its {@code caller}. */
    record CallBlock(Macro caller, Expr.Call call) implements Node {}

    record FilterBlock(List<Expr.Filter> filters, List<Node> body) implements Node {}

    /** Variables that exist only within a body. */
    record With(List<Set> sets, List<Node> body) implements Node {}

    record Break() implements Node {}

    record Continue() implements Node {}
}
