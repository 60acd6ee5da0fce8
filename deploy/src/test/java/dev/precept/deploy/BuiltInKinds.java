package dev.precept.deploy;

import com.google.gson.JsonParseException;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.util.ModelMapper;
import java.util.List;
import java.util.Optional;

/** The kinds that every cluster has: the client's classes know their fields, types and what is required. */
final class BuiltInKinds {
    private BuiltInKinds() {}

    static boolean knows(Manifest manifest) {
        return type(manifest).isPresent();
    }

    /** What is wrong with a document of a kind that every cluster has. */
    static List<String> problems(Manifest manifest) {
        try {
            JSON.deserialize(manifest.json().toString(), type(manifest).orElseThrow());
            return List.of();
        } catch (JsonParseException | IllegalArgumentException e) {
            // The client repeats the whole document after what is wrong with it.
            return List.of(": " + String.valueOf(e.getMessage()).split(" JSON: |\n", 2)[0]);
        }
    }

    /** Of the client's own kinds only: asked for any other it would answer with a class that takes everything. */
    private static Optional<Class<?>> type(Manifest manifest) {
        String[] group = manifest.apiVersion().split("/", 2);
        return Optional.ofNullable(ModelMapper.preBuiltGetApiTypeClass(
                group.length == 2 ? group[0] : "", group[group.length - 1], manifest.kind()));
    }
}
