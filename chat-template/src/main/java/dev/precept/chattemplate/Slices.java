package dev.precept.chattemplate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code value[index]} and {@code value[from:to:step]}. A place in a text is a code point. */
final class Slices {
    private Slices() {}

    static Value item(Value target, Value index) {
        if (target instanceof Value.Undefined) {
            throw new RenderFailure(Operators.kind(target) + " has no items");
        }
        Value found = null;
        if (target instanceof Value.Mapping(Map<Value, Value> entries)) {
            found = entries.get(key(index));
        } else if (Numbers.isWhole(index) && (target instanceof Value.Sequence || target instanceof Value.Text)) {
            found = place(target, Numbers.whole(index));
        }
        if (found == null && index instanceof Value.Text(String name)) {
            found = MemberAccess.attribute(target, name);
        }
        return found == null ? new Value.Undefined("an item of " + Operators.kind(target)) : found;
    }

    private static Value place(Value target, long index) {
        int length = length(target);
        long place = index < 0 ? index + length : index;
        if (place < 0 || place >= length) {
            return new Value.Undefined("the item " + index + " of " + Operators.kind(target));
        }
        return target instanceof Value.Text(String text)
                ? Value.of(Character.toString(text.codePointAt(offset(text, (int) place))))
                : items(target).get((int) place);
    }

    /** {@code None} stands for a bound, or a step, that is not given. */
    static Value slice(Value target, Value from, Value to, Value step) {
        if (!(target instanceof Value.Sequence) && !(target instanceof Value.Text)) {
            throw new RenderFailure(Operators.kind(target) + " cannot be cut into slices");
        }
        long by = step instanceof Value.None ? 1 : Numbers.whole(step);
        if (by == 0) {
            throw new RenderFailure("the step of a slice is 0");
        }
        int length = length(target);
        int least = by > 0 ? 0 : -1;
        int most = by > 0 ? length : length - 1;
        int first = from instanceof Value.None ? by > 0 ? 0 : most : bound(from, length, least, most);
        int end = to instanceof Value.None ? by > 0 ? length : -1 : bound(to, length, least, most);
        if (by == 1 && target instanceof Value.Text(String text)) {
            return Value.of(first >= end ? "" : text.substring(offset(text, first), offset(text, end)));
        }
        List<Value> items = items(target);
        List<Value> taken = new ArrayList<>();
        for (long i = first; by > 0 ? i < end : i > end; i += by) {
            taken.add(items.get((int) i));
        }
        return target instanceof Value.Sequence(List<Value> _, boolean tuple)
                ? new Value.Sequence(taken, tuple)
                : Value.of(String.join(
                        "", taken.stream().map(one -> ((Value.Text) one).text()).toList()));
    }

    private static int bound(Value given, int length, int least, int most) {
        long bound = Numbers.whole(given);
        return Math.clamp(bound < 0 ? bound + length : bound, least, most);
    }

    private static int offset(String text, int codePoints) {
        return text.offsetByCodePoints(0, codePoints);
    }

    private static List<Value> items(Value target) {
        return Operators.items(target);
    }

    /** Python finds no place for a list or a mapping among keys either. */
    static Value key(Value value) {
        return switch (value) {
            case Value.Sequence _, Value.Mapping _, Value.Namespace _, Value.Callable _ ->
                throw new RenderFailure(Operators.kind(value) + " cannot be a key");
            case Value.None _, Value.Undefined _, Value.Bool _, Value.Whole _, Value.Real _, Value.Text _ -> value;
        };
    }

    static int length(Value value) {
        return switch (value) {
            case Value.Text(String text) -> text.codePointCount(0, text.length());
            case Value.Mapping(Map<Value, Value> entries) -> entries.size();
            case Value.Sequence _, Value.Undefined _ -> items(value).size();
            default -> throw new RenderFailure(Operators.kind(value) + " has no length");
        };
    }
}
