package dev.precept.reward;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.MissingNode;
import dev.precept.dataset.Layout;
import dev.precept.judging.TaskFixture;
import dev.precept.spec.SpecFolder;
import dev.precept.spec.Specification;
import dev.precept.store.LocalStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PoliciesTest {
    private static final List<String> SUMMARY = List.of();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private Specification own;

    @SuppressWarnings("NullAway.Init")
    private Specification earlier;

    @BeforeEach
    void specifications() throws Exception {
        own = TaskFixture.in(folder.resolve("own")).specification();
        TaskFixture.in(folder.resolve("earlier"));
        Files.writeString(
                folder.resolve("earlier/clauses.md"),
                Files.readString(folder.resolve("earlier/clauses.md")).replace("Be kind", "Be polite"));
        earlier = SpecFolder.load(folder.resolve("earlier"));
        Path stored = folder.resolve("dataset").resolve(Layout.specification(earlier.version()));
        Files.createDirectories(stored.getParent());
        Files.write(stored, earlier.compile());
    }

    private static Label ofVersion(String version) {
        return new Label(
                List.of(), Optional.of(version), Optional.empty(), Optional.empty(), MissingNode.getInstance());
    }

    /** The version alone names no policies: a label with it is as unlabelled as one without. */
    @Test
    void aVersionWithoutACategoryIsJudgedAsTheRecipeSaysOfUnlabelledPrompts() throws Exception {
        for (Specification named : List.of(own, earlier)) {
            for (List<String> whole : List.of(SUMMARY, own.categories())) {
                Policies policies =
                        new Policies(own, Optional.of(LocalStore.open(folder.resolve("dataset"))), Optional.of(whole));

                assertThat(policies.of("label", ofVersion(named.version()))
                                .excerpt()
                                .sha256())
                        .isEqualTo(named.excerpt(whole.isEmpty() ? whole : named.categories())
                                .sha256());
            }
        }
    }
}
