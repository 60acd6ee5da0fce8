package dev.precept.deploy;

import com.google.gson.JsonParseException;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.util.ModelMapper;
import java.util.List;
import java.util.Optional;

/** Validates documents of Kubernetes' built-in kinds with the Java client's classes: fields, types, required fields. */
final class BuiltInKinds {
    private BuiltInKinds() {}

    static boolean knows(Manifest manifest) {
        return type(manifest).isPresent();
    }

    /** Problems of a document of a built-in kind. */
    static List<String> problems(Manifest manifest) {
        try {
            JSON.deserialize(manifest.json().toString(), type(manifest).orElseThrow());
            return List.of();
        } catch (JsonParseException | IllegalArgumentException e) {
            // The client appends the whole document to its message.
            return List.of(": " + String.valueOf(e.getMessage()).split(" JSON: |\n", 2)[0]);
        }
    }

    /** Only pre-built classes: for any other kind the client returns a class that accepts every field. */
    private static Optional<Class<?>> type(Manifest manifest) {
        String[] group = manifest.apiVersion().split("/", 2);
        return Optional.ofNullable(ModelMapper.preBuiltGetApiTypeClass(
                group.length == 2 ? group[0] : "", group[group.length - 1], manifest.kind()));
    }
}
