package dev.precept.chattemplate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code value[index]} and {@code value[from:to:step]}. An index into a string counts code points. */
final class Slices {
    private Slices() {}

    static Value item(Value target, Value index) {
        if (target instanceof Value.Undefined) {
            throw new RenderFailure(Operators.describe(target) + " has no items");
        }
        Value found = null;
        if (target instanceof Value.Mapping(Map<Value, Value> entries)) {
            found = entries.get(key(index));
        } else if (Numbers.isWhole(index) && (target instanceof Value.Sequence || target instanceof Value.Text)) {
            found = element(target, Numbers.whole(index));
        }
        if (found == null && index instanceof Value.Text(String name)) {
            found = MemberAccess.attribute(target, name);
        }
        return found == null ? new Value.Undefined("an item of " + Operators.describe(target)) : found;
    }

    private static Value element(Value target, long index) {
        int length = length(target);
        long position = index < 0 ? index + length : index;
        if (position < 0 || position >= length) {
            return new Value.Undefined("item " + index + " of " + Operators.describe(target));
        }
        return target instanceof Value.Text(String text)
                ? Value.of(Character.toString(text.codePointAt(offset(text, (int) position))))
                : items(target).get((int) position);
    }

    /** {@code None} is a bound or step that is absent. */
    static Value slice(Value target, Value from, Value to, Value step) {
        if (!(target instanceof Value.Sequence) && !(target instanceof Value.Text)) {
            throw new RenderFailure(Operators.describe(target) + " cannot be sliced");
        }
        long by = step instanceof Value.None ? 1 : Numbers.whole(step);
        if (by == 0) {
            throw new RenderFailure("a slice with step 0");
        }
        int length = length(target);
        int min = by > 0 ? 0 : -1;
        int max = by > 0 ? length : length - 1;
        int first = from instanceof Value.None ? by > 0 ? 0 : max : bound(from, length, min, max);
        int end = to instanceof Value.None ? by > 0 ? length : -1 : bound(to, length, min, max);
        if (by == 1 && target instanceof Value.Text(String text)) {
            return Value.of(first >= end ? "" : text.substring(offset(text, first), offset(text, end)));
        }
        List<Value> items = items(target);
        List<Value> selected = new ArrayList<>();
        for (long i = first; by > 0 ? i < end : i > end; i += by) {
            selected.add(items.get((int) i));
        }
        return target instanceof Value.Sequence(List<Value> _, boolean tuple)
                ? new Value.Sequence(selected, tuple)
                : Value.of(String.join(
                        "",
                        selected.stream().map(one -> ((Value.Text) one).text()).toList()));
    }

    private static int bound(Value value, int length, int min, int max) {
        long bound = Numbers.whole(value);
        return Math.clamp(bound < 0 ? bound + length : bound, min, max);
    }

    private static int offset(String text, int codePoints) {
        return text.offsetByCodePoints(0, codePoints);
    }

    private static List<Value> items(Value target) {
        return Operators.items(target);
    }

    /** Lists and mappings are not hashable in Python. */
    static Value key(Value value) {
        return switch (value) {
            case Value.Sequence _, Value.Mapping _, Value.Namespace _, Value.Callable _ ->
                throw new RenderFailure(Operators.describe(value) + " is not hashable");
            case Value.None _, Value.Undefined _, Value.Bool _, Value.Whole _, Value.Real _, Value.Text _ -> value;
        };
    }

    static int length(Value value) {
        return switch (value) {
            case Value.Text(String text) -> text.codePointCount(0, text.length());
            case Value.Mapping(Map<Value, Value> entries) -> entries.size();
            case Value.Sequence _, Value.Undefined _ -> items(value).size();
            default -> throw new RenderFailure(Operators.describe(value) + " has no length");
        };
    }
}
