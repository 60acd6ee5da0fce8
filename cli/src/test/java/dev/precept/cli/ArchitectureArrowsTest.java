package dev.precept.cli;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.precept.cli.planted.DeletingRelease;
import dev.precept.cli.planted.KeyInDefaultLocale;
import dev.precept.cli.planted.first.First;
import dev.precept.cli.planted.second.Second;
import dev.precept.spec.planted.SpecThatUsesKafka;
import org.junit.jupiter.api.Test;

/** Modules depend on one another in one direction, and packages form no cycle. */
class ArchitectureArrowsTest {
    private static final ClassFileImporter IMPORTER = new ClassFileImporter();

    @Test
    void everyArrowIsInTheTable() {
        JavaClasses main = IMPORTER.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(location -> !location.contains("-tests.jar")) // of other modules
                .importPackages("dev.precept");
        House.check(main);
    }

    @Test
    void aPlantedArrowIsFound() {
        JavaClasses planted = IMPORTER.importClasses(SpecThatUsesKafka.class);
        assertThatThrownBy(() -> House.check(planted))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("module spec may use [")
                .hasMessageContaining("SpecThatUsesKafka");
    }

    @Test
    void aPlantedUseOfTheDefaultLocaleIsFound() {
        JavaClasses planted = IMPORTER.importClasses(KeyInDefaultLocale.class);
        assertThatThrownBy(() -> House.localesAreGiven(planted))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("give Locale.ROOT")
                .hasMessageContaining("String.format(")
                .hasMessageContaining("String.formatted(")
                .hasMessageContaining("String.toLowerCase()");
    }

    @Test
    void aPlantedCycleIsFound() {
        JavaClasses planted = IMPORTER.importClasses(First.class, Second.class);
        assertThatThrownBy(() -> House.check(planted))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Cycle detected: Slice cli.planted.first");
    }

    @Test
    void aPlantedDeletionIsFound() {
        JavaClasses planted = IMPORTER.importClasses(DeletingRelease.class);
        assertThatThrownBy(() -> House.onlyRemovalDeletes(planted))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("one package decides what may be deleted")
                .hasMessageContaining("DeletingRelease.byCall")
                .hasMessageContaining("DeletingRelease.byReference");
    }
}
