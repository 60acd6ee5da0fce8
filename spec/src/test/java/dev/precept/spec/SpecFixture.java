package dev.precept.spec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes a specification folder file by file. */
record SpecFixture(Path folder) {
    /** Two categories with a shared clause, a principle that one of them lists too, and a clause with a nested one. */
    static final String INDEX = """
            name: kitchen
            principles: [be_brief]
            categories:
              - name: Knives
                summary: Sharp things.
                clauses: [knives-K1, shared-S1]
              - name: Fire
                summary: Hot things.
                clauses: [fire, shared-S1, be_brief]
            """;

    static final String CLAUSES = """
            Before all.

            # Knives

            ## Hold it well {#knives-K1 authority=root}

            By the handle.

            ## Style

            ### Be brief {#be_brief}

            Few words.

            # Fire {#fire}

            Fire is hot.

            ## Put it out {#fire-F1 action=comply}

            With a lid.

            # Both {#shared-S1}

            Mind your fingers.
            """;

    static SpecFixture kitchen(Path folder) {
        return new SpecFixture(folder).file("spec.yaml", INDEX).file("clauses.md", CLAUSES);
    }

    SpecFixture file(String name, String text) {
        return file(name, text.getBytes(StandardCharsets.UTF_8));
    }

    SpecFixture file(String name, byte[] bytes) {
        try {
            Files.write(folder.resolve(name), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    Specification load() {
        return SpecFolder.load(folder);
    }
}
