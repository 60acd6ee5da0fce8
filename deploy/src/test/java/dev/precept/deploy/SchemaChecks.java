package dev.precept.deploy;

import java.util.List;

/** Whether a document is one that an API server would take. */
final class SchemaChecks {
    private SchemaChecks() {}

    static List<String> problems(Manifest manifest) {
        List<String> problems =
                BuiltInKinds.knows(manifest) ? BuiltInKinds.problems(manifest) : CustomKinds.problems(manifest);
        return problems.stream().map(problem -> manifest.what() + problem).toList();
    }
}
