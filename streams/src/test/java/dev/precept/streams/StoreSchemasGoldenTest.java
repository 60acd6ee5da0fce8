package dev.precept.streams;

import dev.precept.records.LedgerRow;
import dev.precept.records.PartitionProgress;
import dev.precept.testkit.Golden;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.avro.SchemaNormalization;
import org.junit.jupiter.api.Test;

final class StoreSchemasGoldenTest {
    /**
     * A value of a store carries the fingerprint of its schema, and is read with that alone: no other version reads it.
     */
    @Test
    void theirSchemasAreThoseOfTheGolden() {
        Golden.check(
                "stores.txt",
                List.of(LedgerRow.getClassSchema(), PartitionProgress.getClassSchema()).stream()
                                .map(SchemaNormalization::toParsingForm)
                                .map(schema -> schema.replace("},{", "},\n  {"))
                                .collect(Collectors.joining("\n\n"))
                        + "\n");
    }
}
