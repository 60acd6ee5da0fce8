package dev.precept.chattemplate;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The variable {@code loop}. */
final class LoopState {
    private LoopState() {}

    static Value at(List<Value> items, int index) {
        Map<String, Value> members = new HashMap<>();
        int length = items.size();
        members.put("index", Value.of(index + 1));
        members.put("index0", Value.of(index));
        members.put("revindex", Value.of(length - index));
        members.put("revindex0", Value.of(length - index - 1));
        members.put("first", Value.of(index == 0));
        members.put("last", Value.of(index == length - 1));
        members.put("length", Value.of(length));
        if (index > 0) {
            members.put("previtem", items.get(index - 1));
        }
        if (index < length - 1) {
            members.put("nextitem", items.get(index + 1));
        }
        members.put("cycle", new Value.Callable("cycle", arguments -> {
            if (arguments.positional().isEmpty()) {
                throw new RenderFailure("cycle has no arguments");
            }
            return arguments.positional().get(index % arguments.positional().size());
        }));
        return new Value.Namespace(members);
    }
}
