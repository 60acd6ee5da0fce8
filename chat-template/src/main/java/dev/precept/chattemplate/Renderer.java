package dev.precept.chattemplate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Executes statements and collects their output. */
final class Renderer {
    private final RenderBudget renderBudget = new RenderBudget();
    private final Evaluator evaluator = new Evaluator(renderBudget);
    private StringBuilder out = new StringBuilder();

    /** How a body completed. */
    private enum End {
        NORMAL,
        BREAK,
        CONTINUE
    }

    String render(List<Node> nodes, Scope scope) {
        run(nodes, scope);
        return out.toString();
    }

    private End run(List<Node> nodes, Scope scope) {
        for (Node node : nodes) {
            renderBudget.spend(1);
            End end = switch (node) {
                case Node.Data(String text) -> write(text);
                case Node.Output(Expr expr) -> write(PythonText.of(evaluator.evaluate(expr, scope), renderBudget));
                case Node.If condition -> run(branch(condition, scope), scope);
                case Node.For loop -> loop(loop, scope);
                case Node.Set(List<String> targets, Expr value) ->
                    bind(targets, evaluator.evaluate(value, scope), scope);
                case Node.SetMember member -> member(member, scope);
                case Node.SetBlock(String target, List<Expr.Filter> filters, List<Node> body) ->
                    bind(List.of(target), applyFilters(body, filters, scope), scope);
                case Node.Macro macro -> bind(List.of(macro.name()), macro(macro, scope), scope);
                case Node.CallBlock(Node.Macro caller, Expr.Call call) -> call(caller, call, scope);
                case Node.FilterBlock(List<Expr.Filter> filters, List<Node> body) ->
                    write(PythonText.of(applyFilters(body, filters, scope), renderBudget));
                case Node.With(List<Node.Set> sets, List<Node> body) -> with(sets, body, scope);
                case Node.Break() -> End.BREAK;
                case Node.Continue() -> End.CONTINUE;
            };
            if (end != End.NORMAL) {
                return end;
            }
        }
        return End.NORMAL;
    }

    private End write(String text) {
        renderBudget.reserve(out.length() / 64 + text.length());
        out.append(text);
        return End.NORMAL;
    }

    private List<Node> branch(Node.If condition, Scope scope) {
        for (Node.Branch branch : condition.branches()) {
            if (Operators.isTrue(evaluator.evaluate(branch.test(), scope))) {
                return branch.body();
            }
        }
        return condition.elseBody();
    }

    private End loop(Node.For loop, Scope scope) {
        List<Value> items = new ArrayList<>();
        for (Value item : Operators.items(evaluator.evaluate(loop.items(), scope))) {
            Scope inner = scope.child();
            bind(loop.targets(), item, inner);
            if (loop.condition() == null || Operators.isTrue(evaluator.evaluate(loop.condition(), inner))) {
                items.add(item);
            }
        }
        for (int i = 0; i < items.size(); i++) {
            Scope inner = scope.child();
            bind(loop.targets(), items.get(i), inner);
            inner.set("loop", LoopState.at(items, i));
            if (run(loop.body(), inner) == End.BREAK) {
                break;
            }
        }
        return items.isEmpty() ? run(loop.elseBody(), scope.child()) : End.NORMAL;
    }

    private static End bind(List<String> targets, Value value, Scope scope) {
        if (targets.size() == 1) {
            scope.set(targets.getFirst(), value);
            return End.NORMAL;
        }
        List<Value> parts = Operators.items(value);
        if (parts.size() != targets.size()) {
            throw new RenderFailure(parts.size() + " values cannot be assigned to " + targets.size() + " names");
        }
        for (int i = 0; i < parts.size(); i++) {
            scope.set(targets.get(i), parts.get(i));
        }
        return End.NORMAL;
    }

    private End member(Node.SetMember member, Scope scope) {
        Value value = evaluator.evaluate(member.value(), scope);
        if (scope.get(member.namespace()) instanceof Value.Namespace(Map<String, Value> members)) {
            members.put(member.member(), value);
            return End.NORMAL;
        }
        throw new RenderFailure("'" + member.namespace() + "' is not a namespace").at(member.line());
    }

    private Value applyFilters(List<Node> body, List<Expr.Filter> filters, Scope scope) {
        Value value = Value.of(capture(body, scope.child()));
        for (Expr.Filter filter : filters) {
            value = renderBudget.charge(evaluator.applyFilter(filter, value, scope));
        }
        return value;
    }

    private String capture(List<Node> body, Scope scope) {
        StringBuilder around = out;
        out = new StringBuilder();
        run(body, scope);
        String text = out.toString();
        out = around;
        return text;
    }

    private Value macro(Node.Macro macro, Scope scope) {
        return new Value.Callable(macro.name(), arguments -> {
            renderBudget.enter();
            Scope inner = scope.child();
            parameters(macro, arguments, inner);
            Value text = Value.of(capture(macro.body(), inner));
            renderBudget.leave();
            return text;
        });
    }

    private void parameters(Node.Macro macro, Arguments arguments, Scope inner) {
        Map<String, Value> unknown = new HashMap<>(arguments.named());
        for (int i = 0; i < macro.parameters().size(); i++) {
            Node.Parameter parameter = macro.parameters().get(i);
            unknown.remove(parameter.name());
            Value defaultValue = parameter.defaultValue() == null || arguments.has(i, parameter.name())
                    ? new Value.Undefined("'" + parameter.name() + "'")
                    : evaluator.evaluate(parameter.defaultValue(), inner);
            inner.set(parameter.name(), arguments.at(i, parameter.name(), defaultValue));
        }
        Value caller = unknown.remove("caller");
        if (caller != null) {
            inner.set("caller", caller);
        }
        if (!unknown.isEmpty()
                || arguments.positional().size() > macro.parameters().size()) {
            throw new RenderFailure("the macro '" + macro.name() + "' has unexpected arguments");
        }
    }

    private End call(Node.Macro caller, Expr.Call call, Scope scope) {
        Arguments arguments = evaluator.arguments(call.arguments(), scope);
        Map<String, Value> named = new HashMap<>(arguments.named());
        named.put("caller", macro(caller, scope));
        Value target = evaluator.evaluate(call.target(), scope);
        return write(PythonText.of(evaluator.call(target, new Arguments(arguments.positional(), named)), renderBudget));
    }

    private End with(List<Node.Set> sets, List<Node> body, Scope scope) {
        Scope inner = scope.child();
        sets.forEach(set -> bind(set.targets(), evaluator.evaluate(set.value(), scope), inner));
        return run(body, inner);
    }
}
