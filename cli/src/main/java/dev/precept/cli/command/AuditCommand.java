package dev.precept.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.dataset.Audit;
import dev.precept.runtime.ExitCode;
import java.io.IOException;
import java.time.Clock;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code precept audit}. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = {
            "List who released, withdrew, purged, cleaned, moved refs or corrected judges, oldest first.",
            "A record is written before the action starts, so one that then fails, as at a gate, has a record too; the name"
                    + " in parentheses is PRECEPT_ACTOR."
        })
final class AuditCommand implements Callable<Integer> {
    @Mixin
    private DatasetArgument dataset = new DatasetArgument();

    @Mixin
    private OutputOption output = new OutputOption();

    @Override
    public Integer call() throws IOException {
        Audit audit = new Audit(dataset.openReadOnly(), Clock.systemUTC());
        if (output.isJson()) {
            ArrayNode entries = JsonNodeFactory.instance.arrayNode();
            audit.entries().forEach(entry -> entries.add(json(entry)));
            OutputOption.print(entries);
        } else {
            audit.entries().forEach(entry -> System.out.println(line(entry)));
        }
        return ExitCode.RELEASED.code();
    }

    private static ObjectNode json(Audit.Entry entry) {
        ObjectNode json = OutputOption.object();
        json.put("when", entry.when().toString());
        json.put("user", entry.principal().user()).put("host", entry.principal().host());
        json.put("actor", entry.principal().actor());
        json.put("action", entry.action().name().toLowerCase(Locale.ROOT));
        ObjectNode details = json.putObject("details");
        entry.details().forEach(details::put);
        return json;
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
