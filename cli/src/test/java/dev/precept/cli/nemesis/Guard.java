package dev.precept.cli.nemesis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;

/**
 * A guard of the product that a test switches off: it compiles the class anew with one place of its source changed, and puts
 * the result before the product on the class path of the roles. The product itself has no switch.
 */
@SuppressWarnings("StringConcatToTextBlock") // parts of lines
enum Guard {
    /** An answer opens a slot whatever the slot waits for, and any transition is legal. */
    LEGAL_TRANSITION(
            new Change(
                    "streams/src/main/java/dev/precept/streams/ledger/LedgerTransaction.java",
                    "        return row.getState() == state\n"
                            + "                && row.getAttempt() == ref.getAttempt()\n"
                            + "                && row.getTryNumber() == ref.getTryNumber();\n",
                    "        return row.getSeq() != null;\n"),
            new Change(
                    "streams/src/main/java/dev/precept/streams/ledger/Transitions.java",
                    "if (!successors(from).contains(to)) {",
                    "if (from == null) {")),
    /** The topology processes at least once. */
    EXACTLY_ONCE(new Change(
            "streams/src/main/java/dev/precept/streams/StreamsClientSettings.java",
            "StreamsConfig.EXACTLY_ONCE_V2",
            "StreamsConfig.AT_LEAST_ONCE")),
    /** A commit replaces one that exists. */
    CREATE_IF_ABSENT(new Change(
            "store/src/main/java/dev/precept/store/LocalStore.java",
            "        Path staged = write(content);\n        try {\n",
            "        Path staged = write(content);\n        try {\n"
                    + "            if (key.startsWith(\"log/\")) {\n"
                    + "                Files.createDirectories(path(key).getParent());\n"
                    + "                Files.move(staged, path(key), java.nio.file.StandardCopyOption.REPLACE_EXISTING);\n"
                    + "                return true;\n"
                    + "            }\n")),
    /** A verdict counts whatever bytes it is about. */
    CANDIDATE_HASH(new Change(
            "streams/src/main/java/dev/precept/streams/ledger/AnsweredSlot.java",
            "ContentId.ofCompletion(completion).equals(row.getCandidateSha256())",
            "!ContentId.ofCompletion(completion).isEmpty()"));

    @SuppressWarnings("ImmutableEnumChecker") // List.of
    private final List<Change> changes;

    Guard(Change... changes) {
        this.changes = List.of(changes);
    }

    /** A text of a source file, and what stands there without the guard. */
    private record Change(String file, String guard, String without) {}

    /** The sources without the guard, by file name. */
    Map<String, String> sources() throws IOException {
        Path root = Path.of(System.getProperty("precept.root", "."));
        Map<String, String> sources = new LinkedHashMap<>();
        for (Change change : changes) {
            Path file = root.resolve(change.file());
            String source = Files.readString(file);
            if (!source.contains(change.guard())) {
                throw new AssertionError(
                        change.file() + " no longer has the guard " + name() + " as this test knows it; adapt Guard");
            }
            sources.put(file.getFileName().toString(), source.replace(change.guard(), change.without()));
        }
        return sources;
    }

    /** Compiles the classes without the guard; returns their folder. */
    Path switchOff(Path folder) throws IOException {
        Path classes = Files.createDirectories(folder.resolve("classes"));
        for (Map.Entry<String, String> source : sources().entrySet()) {
            Path changed = Files.writeString(folder.resolve(source.getKey()), source.getValue());
            int code = ToolProvider.getSystemJavaCompiler()
                    .run(
                            null,
                            null,
                            null,
                            "-proc:none",
                            "-nowarn",
                            "-parameters",
                            "-cp",
                            System.getProperty("java.class.path"),
                            "-d",
                            classes.toString(),
                            changed.toString());
            if (code != 0) {
                throw new AssertionError("cannot compile " + changed);
            }
        }
        return classes;
    }
}
