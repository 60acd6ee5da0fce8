package dev.precept.chattemplate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Carries out statements and collects their text. */
final class Renderer {
    private final RenderBudget renderBudget = new RenderBudget();
    private final Evaluator evaluator = new Evaluator(renderBudget);
    private StringBuilder out = new StringBuilder();

    /** How a body ended. */
    private enum End {
        REACHED,
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
                    bind(List.of(target), filtered(body, filters, scope), scope);
                case Node.Macro macro -> bind(List.of(macro.name()), macro(macro, scope), scope);
                case Node.CallBlock(Node.Macro caller, Expr.Call call) -> call(caller, call, scope);
                case Node.FilterBlock(List<Expr.Filter> filters, List<Node> body) ->
                    write(PythonText.of(filtered(body, filters, scope), renderBudget));
                case Node.With(List<Node.Set> sets, List<Node> body) -> with(sets, body, scope);
                case Node.Break() -> End.BREAK;
                case Node.Continue() -> End.CONTINUE;
            };
            if (end != End.REACHED) {
                return end;
            }
        }
        return End.REACHED;
    }

    private End write(String text) {
        renderBudget.expect(out.length() / 64 + text.length());
        out.append(text);
        return End.REACHED;
    }

    private List<Node> branch(Node.If condition, Scope scope) {
        for (Node.Branch branch : condition.branches()) {
            if (Operators.truth(evaluator.evaluate(branch.test(), scope))) {
                return branch.body();
            }
        }
        return condition.otherwise();
    }

    private End loop(Node.For loop, Scope scope) {
        List<Value> items = new ArrayList<>();
        for (Value item : Operators.items(evaluator.evaluate(loop.items(), scope))) {
            Scope inner = scope.inner();
            bind(loop.targets(), item, inner);
            if (loop.only() == null || Operators.truth(evaluator.evaluate(loop.only(), inner))) {
                items.add(item);
            }
        }
        for (int i = 0; i < items.size(); i++) {
            Scope inner = scope.inner();
            bind(loop.targets(), items.get(i), inner);
            inner.set("loop", LoopState.at(items, i));
            if (run(loop.body(), inner) == End.BREAK) {
                break;
            }
        }
        return items.isEmpty() ? run(loop.otherwise(), scope.inner()) : End.REACHED;
    }

    private static End bind(List<String> targets, Value value, Scope scope) {
        if (targets.size() == 1) {
            scope.set(targets.getFirst(), value);
            return End.REACHED;
        }
        List<Value> parts = Operators.items(value);
        if (parts.size() != targets.size()) {
            throw new RenderFailure(parts.size() + " values cannot be given to " + targets.size() + " names");
        }
        for (int i = 0; i < parts.size(); i++) {
            scope.set(targets.get(i), parts.get(i));
        }
        return End.REACHED;
    }

    private End member(Node.SetMember member, Scope scope) {
        Value value = evaluator.evaluate(member.value(), scope);
        if (scope.get(member.namespace()) instanceof Value.Namespace(Map<String, Value> members)) {
            members.put(member.member(), value);
            return End.REACHED;
        }
        throw new RenderFailure("'" + member.namespace() + "' is no namespace").at(member.line());
    }

    private Value filtered(List<Node> body, List<Expr.Filter> filters, Scope scope) {
        Value value = Value.of(captured(body, scope.inner()));
        for (Expr.Filter filter : filters) {
            value = renderBudget.made(evaluator.filtered(filter, value, scope));
        }
        return value;
    }

    private String captured(List<Node> body, Scope scope) {
        StringBuilder around = out;
        out = new StringBuilder();
        run(body, scope);
        String text = out.toString();
        out = around;
        return text;
    }

    private Value macro(Node.Macro macro, Scope scope) {
        return new Value.Callable(macro.name(), given -> {
            renderBudget.enter();
            Scope inner = scope.inner();
            parameters(macro, given, inner);
            Value text = Value.of(captured(macro.body(), inner));
            renderBudget.leave();
            return text;
        });
    }

    private void parameters(Node.Macro macro, Arguments given, Scope inner) {
        Map<String, Value> unknown = new HashMap<>(given.named());
        for (int i = 0; i < macro.parameters().size(); i++) {
            Node.Parameter parameter = macro.parameters().get(i);
            unknown.remove(parameter.name());
            Value preset = parameter.preset() == null || given.has(i, parameter.name())
                    ? new Value.Undefined("'" + parameter.name() + "'")
                    : evaluator.evaluate(parameter.preset(), inner);
            inner.set(parameter.name(), given.at(i, parameter.name(), preset));
        }
        Value caller = unknown.remove("caller");
        if (caller != null) {
            inner.set("caller", caller);
        }
        if (!unknown.isEmpty() || given.positional().size() > macro.parameters().size()) {
            throw new RenderFailure("the macro '" + macro.name() + "' does not take all it is given");
        }
    }

    private End call(Node.Macro caller, Expr.Call call, Scope scope) {
        Arguments given = evaluator.arguments(call.given(), scope);
        Map<String, Value> named = new HashMap<>(given.named());
        named.put("caller", macro(caller, scope));
        Value target = evaluator.evaluate(call.target(), scope);
        return write(PythonText.of(evaluator.called(target, new Arguments(given.positional(), named)), renderBudget));
    }

    private End with(List<Node.Set> sets, List<Node> body, Scope scope) {
        Scope inner = scope.inner();
        sets.forEach(set -> bind(set.targets(), evaluator.evaluate(set.value(), scope), inner));
        return run(body, inner);
    }
}
