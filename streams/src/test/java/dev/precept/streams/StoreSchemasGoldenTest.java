package dev.precept.streams;

import dev.precept.records.LedgerRow;
import dev.precept.records.PartitionProgress;
import dev.precept.records.PendingSearch;
import dev.precept.records.SignedDocument;
import dev.precept.testkit.Golden;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.SchemaNormalization;
import org.junit.jupiter.api.Test;

final class StoreSchemasGoldenTest {
    /**
     * A stored value carries the fingerprint of its schema. After a release, a changed schema needs the former one as
     * {@code schemas/<type>-<n>.avsc} among the resources of {@link AvroSerde}, or open runs cannot be read.
     */
    @Test
    void schemasAreThoseOfTheGolden() {
        Golden.check(
                "stores.txt",
                Stream.of(
                                        LedgerRow.getClassSchema(),
                                        PartitionProgress.getClassSchema(),
                                        PendingSearch.getClassSchema(),
                                        SignedDocument.getClassSchema())
                                .map(SchemaNormalization::toParsingForm)
                                .map(schema -> schema.replace("},{", "},\n  {"))
                                .collect(Collectors.joining("\n\n"))
                        + "\n");
    }
}
