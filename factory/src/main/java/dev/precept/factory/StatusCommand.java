package dev.precept.factory;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.runtime.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code precept status}: the books of a run, whether it is on or not. */
@Command(name = "status", mixinStandardHelpOptions = true, description = "Shows the books of a run.")
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private WorkOption work = new WorkOption();

    @Option(names = "--json", description = "as JSON")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        Reach reach = Reach.of(work.path());
        JsonNode books = books(reach);
        if (json) {
            System.out.println(books.toPrettyString());
        } else {
            System.out.println("run " + reach.run().runId() + " as of "
                    + books.path("as_of").asText());
            System.out.print(Books.table(books));
        }
        return ExitCode.RELEASED.code();
    }

    private static JsonNode books(Reach reach) throws InterruptedException {
        if (reach.folder().read(BooksFile.NAME).isPresent()) {
            return BooksFile.read(reach.folder());
        }
        return reach.visit(kafka -> {
            try (BookReader reader = new BookReader(kafka, reach.run().runId())) {
                return reader.now().json();
            }
        });
    }
}
