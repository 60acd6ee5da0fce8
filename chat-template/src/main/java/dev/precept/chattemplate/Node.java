package dev.precept.chattemplate;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement, or a text between statements. */
sealed interface Node {
    record Data(String text) implements Node {}

    record Output(Expr expr) implements Node {}

    record If(List<Branch> branches, List<Node> otherwise) implements Node {}

    record Branch(Expr test, List<Node> body) {}

    /** @param only which items are taken; null for all */
    record For(List<String> targets, Expr items, @Nullable Expr only, List<Node> body, List<Node> otherwise)
            implements Node {}

    record Set(List<String> targets, Expr value) implements Node {}

    record SetMember(String namespace, String member, Expr value, int line) implements Node {}

    /** @param filters applied one after another to the text of the body */
    record SetBlock(String target, List<Expr.Filter> filters, List<Node> body) implements Node {}

    record Macro(String name, List<Parameter> parameters, List<Node> body) implements Node {}

    record Parameter(String name, @Nullable Expr preset) {}

    /** A macro called with a body, its {@code caller}. */
    record CallBlock(Macro caller, Expr.Call call) implements Node {}

    record FilterBlock(List<Expr.Filter> filters, List<Node> body) implements Node {}

    /** Names that are known within a body only. */
    record With(List<Set> sets, List<Node> body) implements Node {}

    record Break() implements Node {}

    record Continue() implements Node {}
}
