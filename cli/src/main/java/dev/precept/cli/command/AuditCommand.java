package dev.precept.cli.command;

import dev.precept.dataset.Audit;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.DatasetLocation;
import dev.precept.runtime.ExitCode;
import java.io.IOException;
import java.time.Clock;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code precept audit}: who did what with a dataset. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = {
            "Says who set out to release, withdraw, purge, clean or move a ref, the oldest first.",
            "A record is written before the act; the name in brackets is what PRECEPT_ACTOR said."
        })
final class AuditCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DATASET", description = "a folder or s3://bucket/prefix")
    private String place = "";

    @Override
    public Integer call() throws IOException {
        Audit audit = new Audit(Dataset.openReadOnly(DatasetLocation.of(place)), Clock.systemUTC());
        audit.entries().forEach(entry -> System.out.println(line(entry)));
        return ExitCode.RELEASED.code();
    }

    private static String line(Audit.Entry entry) {
        Audit.Principal principal = entry.principal();
        return entry.when() + "  " + principal.user() + "@" + principal.host()
                + (principal.actor().isEmpty() ? "" : " (" + principal.actor() + ")") + "  "
                + entry.action().name().toLowerCase(Locale.ROOT) + "  "
                + entry.details().entrySet().stream()
                        .map(each -> each.getKey() + "=" + each.getValue())
                        .collect(Collectors.joining(" "));
    }
}
