package dev.precept.chattemplate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Evaluates expressions. */
final class Evaluator {
    private final RenderBudget renderBudget;

    Evaluator(RenderBudget renderBudget) {
        this.renderBudget = renderBudget;
    }

    Value evaluate(Expr expr, Scope scope) {
        renderBudget.enter();
        try {
            Value value = renderBudget.charge(compute(expr, scope));
            renderBudget.leave();
            return value;
        } catch (RenderFailure failure) {
            throw failure.at(expr.line());
        }
    }

    private Value compute(Expr expr, Scope scope) {
        return switch (expr) {
            case Expr.Literal(Value value, int _) -> value;
            case Expr.Name(String name, int _) -> scope.get(name);
            case Expr.Items(List<Expr> items, boolean tuple, int _) -> new Value.Sequence(all(items, scope), tuple);
            case Expr.Entries(List<Map.Entry<Expr, Expr>> entries, int _) -> mapping(entries, scope);
            case Expr.Attribute(Expr target, String name, int _) -> MemberAccess.of(evaluate(target, scope), name);
            case Expr.Item(Expr target, Expr index, int _) ->
                Slices.item(evaluate(target, scope), evaluate(index, scope));
            case Expr.Slice(Expr target, Expr from, Expr to, Expr step, int _) ->
                Slices.slice(
                        evaluate(target, scope), optional(from, scope), optional(to, scope), optional(step, scope));
            case Expr.Call(Expr target, Expr.ArgumentList arguments, int _) ->
                call(evaluate(target, scope), arguments(arguments, scope));
            case Expr.Filter filter ->
                applyFilter(
                        filter, filter.target() == null ? Value.UNDEFINED : evaluate(filter.target(), scope), scope);
            case Expr.Test(Expr target, String name, Expr.ArgumentList arguments, int _) ->
                Value.of(JinjaTests.test(name, evaluate(target, scope), arguments(arguments, scope), renderBudget));
            case Expr.Negative(Expr operand, int _) -> Numbers.negative(evaluate(operand, scope));
            case Expr.Not(Expr operand, int _) -> Value.of(!Operators.isTrue(evaluate(operand, scope)));
            case Expr.And(Expr left, Expr right, int _) -> {
                Value first = evaluate(left, scope);
                yield Operators.isTrue(first) ? evaluate(right, scope) : first;
            }
            case Expr.Or(Expr left, Expr right, int _) -> {
                Value first = evaluate(left, scope);
                yield Operators.isTrue(first) ? first : evaluate(right, scope);
            }
            case Expr.Binary(String operator, Expr left, Expr right, int _) ->
                Operators.binary(operator, evaluate(left, scope), evaluate(right, scope), renderBudget);
            case Expr.Comparison(Expr first, List<Expr.Link> links, int _) -> Value.of(compareAll(first, links, scope));
            case Expr.Conditional(Expr test, Expr yes, Expr no, int _) -> conditional(test, yes, no, scope);
        };
    }

    Value applyFilter(Expr.Filter filter, Value value, Scope scope) {
        return Filters.apply(filter.name(), value, arguments(filter.arguments(), scope), renderBudget);
    }

    Value call(Value target, Arguments arguments) {
        if (target instanceof Value.Callable(String _, Value.Body body)) {
            return body.call(arguments);
        }
        throw new RenderFailure(Operators.describe(target) + " cannot be called");
    }

    Arguments arguments(Expr.ArgumentList arguments, Scope scope) {
        if (arguments.positional().isEmpty() && arguments.named().isEmpty()) {
            return Arguments.NONE;
        }
        Map<String, Value> named = new HashMap<>();
        arguments.named().forEach((name, expr) -> named.put(name, evaluate(expr, scope)));
        return new Arguments(all(arguments.positional(), scope), named);
    }

    private List<Value> all(List<Expr> exprs, Scope scope) {
        List<Value> values = new ArrayList<>(exprs.size());
        exprs.forEach(expr -> values.add(evaluate(expr, scope)));
        return values;
    }

    private Value mapping(List<Map.Entry<Expr, Expr>> entries, Scope scope) {
        Map<Value, Value> values = new LinkedHashMap<>();
        entries.forEach(
                entry -> values.put(Slices.key(evaluate(entry.getKey(), scope)), evaluate(entry.getValue(), scope)));
        return new Value.Mapping(values);
    }

    private Value optional(@Nullable Expr expr, Scope scope) {
        return expr == null ? Value.NONE : evaluate(expr, scope);
    }

    private boolean compareAll(Expr first, List<Expr.Link> links, Scope scope) {
        Value left = evaluate(first, scope);
        for (Expr.Link link : links) {
            Value right = evaluate(link.operand(), scope);
            if (!Operators.compare(link.operator(), left, right, renderBudget)) {
                return false;
            }
            left = right;
        }
        return true;
    }

    private Value conditional(Expr test, Expr yes, @Nullable Expr no, Scope scope) {
        if (Operators.isTrue(evaluate(test, scope))) {
            return evaluate(yes, scope);
        }
        return no == null ? new Value.Undefined("a condition without 'else'") : evaluate(no, scope);
    }
}
