import dev.precept.dataset.Dataset;
import dev.precept.dataset.read.Pull;
import dev.precept.dataset.read.VersionReader;
import dev.precept.dataset.verify.Verification;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/** A trainer's program: pulls a view, verifies the version and reads the rows. */
public final class Trainer {
    public static void main(String[] args) throws Exception {
        Dataset dataset = Dataset.openExisting(Path.of(args[0]));
        Path folder = Path.of(args[1]);
        Pull.prepare(dataset, "v1", "sft", folder).copy(2, file -> {});
        Verification.Result result = Verification.verify(dataset, Optional.of("v1"), InstantSource.system());
        long rows = 0;
        VersionReader.Query query = new VersionReader.Query("sft", "train", 0, 1);
        try (VersionReader reader = VersionReader.openFolder(folder, query, Optional.empty())) {
            while (reader.next() != null) {
                rows++;
            }
        }
        System.out.println("rows " + rows + ", problems " + result.problems().size());
    }
}
