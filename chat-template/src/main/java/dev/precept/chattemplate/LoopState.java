package dev.precept.chattemplate;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The variable {@code loop}. */
final class LoopState {
    private LoopState() {}

    static Value at(List<Value> items, int place) {
        Map<String, Value> members = new HashMap<>();
        int length = items.size();
        members.put("index", Value.of(place + 1));
        members.put("index0", Value.of(place));
        members.put("revindex", Value.of(length - place));
        members.put("revindex0", Value.of(length - place - 1));
        members.put("first", Value.of(place == 0));
        members.put("last", Value.of(place == length - 1));
        members.put("length", Value.of(length));
        if (place > 0) {
            members.put("previtem", items.get(place - 1));
        }
        if (place < length - 1) {
            members.put("nextitem", items.get(place + 1));
        }
        members.put("cycle", new Value.Callable("cycle", given -> {
            if (given.positional().isEmpty()) {
                throw new RenderFailure("there is nothing to cycle through");
            }
            return given.positional().get(place % given.positional().size());
        }));
        return new Value.Namespace(members);
    }
}
