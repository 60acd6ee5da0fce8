package dev.precept.deploy;

import java.util.List;

/** Checks a document against the schema of its kind. */
final class SchemaChecks {
    private SchemaChecks() {}

    static List<String> problems(Manifest manifest) {
        List<String> problems =
                BuiltInKinds.knows(manifest) ? BuiltInKinds.problems(manifest) : CustomKinds.problems(manifest);
        return problems.stream().map(problem -> manifest.what() + problem).toList();
    }
}
